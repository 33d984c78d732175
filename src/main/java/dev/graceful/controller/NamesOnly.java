package dev.graceful.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer has to keep of each object: its name, uid and version, as an object itself is
 * several hundred bytes even when it is empty. What it hands out has that metadata and no more.
 */
final class NamesOnly<T extends HasMetadata> implements ItemStore<T> {

  /**
   * What is kept.
   *
   * @param version the resource version; negative: not a number, and so never the same again
   */
  private record Kept(String uid, long version) {}

  private final Supplier<T> empty;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  /**
   * Keeps nothing yet.
   *
   * @param empty makes an object that has nothing
   */
  NamesOnly(Supplier<T> empty) {
    this.empty = empty;
  }

  @Override
  public String getKey(T object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public @Nullable T put(String key, T object) {
    var metadata = object.getMetadata();
    Kept before = kept.get(key);
    String uid = metadata.getUid();
    // Others keep the one that came first.
    String same = before != null && before.uid.equals(uid) ? before.uid : uid;
    kept.put(key, new Kept(same, number(metadata.getResourceVersion())));
    return before == null ? null : object(key, before);
  }

  @Override
  public @Nullable T remove(String key) {
    Kept before = kept.remove(key);
    return before == null ? null : object(key, before);
  }

  @Override
  public @Nullable T get(String key) {
    Kept is = kept.get(key);
    return is == null ? null : object(key, is);
  }

  @Override
  public Stream<String> keySet() {
    return kept.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return kept.entrySet().stream().map(entry -> object(entry.getKey(), entry.getValue()));
  }

  @Override
  public int size() {
    return kept.size();
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private T object(String key, Kept is) {
    int slash = key.indexOf('/');
    T object = empty.get();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(slash < 0 ? null : key.substring(0, slash))
            .withName(key.substring(slash + 1))
            .withUid(is.uid)
            .withResourceVersion(is.version < 0 ? null : Long.toString(is.version))
            .build());
    return object;
  }

  private static long number(@Nullable String version) {
    try {
      return version == null ? -1 : Long.parseLong(version);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
