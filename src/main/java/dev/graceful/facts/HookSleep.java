package dev.graceful.facts;

import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a preStop hook takes, as far as its text tells.
 *
 * @param millis at most a week
 */
public record HookSleep(long millis, Kind kind) {

  /** What the number is worth. */
  public enum Kind {
    /** The kubelet itself sleeps: the hook takes so long. */
    Native,
    /** A command that does nothing but sleep: it takes so long, unless it fails at once. */
    Command,
    /** A command that does more: it takes so long at least, if all of it is carried out. */
    AtLeast
  }

  private static final long LONGEST_MILLIS = 7 * 86_400_000L;

  private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "ksh", "zsh");
  private static final Set<String> MANY_IN_ONE = Set.of("busybox", "toybox");

  /** They take no time, and end nothing. */
  private static final Set<String> QUICK = Set.of(":", "true", "echo", "printf", "date", "set");

  /** What follows them may be carried out any number of times. */
  private static final Set<String> COMPOUND =
      Set.of("if", "for", "while", "until", "case", "select", "function", "time", "!", "[[");

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{0,9})?)([smhd]?)");
  private static final Pattern OPTIONS = Pattern.compile("[-+][A-Za-z]+");

  /** What is carried out only if the command before it fails. */
  private static final Pattern ALTERNATIVE =
      Pattern.compile("\\|\\|[^;&|\n]*(&&|[;\n]|(?=\\|\\|)|$)");

  private static final List<String> UNREADABLE = List.of();

  /** Characters that make more of a script than a list of plain commands. */
  private static final String ODD = "|&()`$<>{}#\\*?~";

  /**
   * Reads a hook of the API.
   *
   * @return null: there is no hook, or its text does not tell
   */
  static @Nullable HookSleep of(@Nullable LifecycleHandler hook) {
    if (hook == null) {
      return null;
    }
    if (hook.getSleep() != null && hook.getSleep().getSeconds() != null) {
      long seconds = Math.max(0, hook.getSleep().getSeconds());
      return new HookSleep(Math.min(seconds, LONGEST_MILLIS / 1_000) * 1_000, Kind.Native);
    }
    return hook.getExec() == null ? null : of(hook.getExec().getCommand());
  }

  /** The same of a command with its arguments. */
  static @Nullable HookSleep of(List<String> command) {
    if (command.isEmpty()) {
      return null;
    }
    String name = baseName(command.getFirst());
    List<String> rest = command.subList(1, command.size());
    if (MANY_IN_ONE.contains(name) || name.equals("env")) {
      return of(rest);
    }
    if (SHELLS.contains(name)) {
      String script = script(rest);
      return script == null ? null : ofScript(script);
    }
    Long millis = sleep(command);
    return millis == null ? null : new HookSleep(millis, Kind.Command);
  }

  /** The script that a shell gets; null: it gets none. */
  private static @Nullable String script(List<String> arguments) {
    boolean given = false;
    int i = 0;
    while (i < arguments.size() && OPTIONS.matcher(arguments.get(i)).matches()) {
      String options = arguments.get(i++);
      given |= options.startsWith("-") && options.contains("c");
      // Such as in "-o pipefail".
      i += options.endsWith("o") ? 1 : 0;
    }
    return given && i < arguments.size() ? arguments.get(i) : null;
  }

  /** Sleeps add up. Of a script that cannot be read to its end, those before count. */
  private static @Nullable HookSleep ofScript(String script) {
    long millis = 0;
    Kind kind = Kind.Command;
    for (List<String> words : commands(script)) {
      if (words.equals(UNREADABLE)) {
        kind = Kind.AtLeast;
        break;
      }
      if (words.getFirst().equals("exit")) {
        break;
      }
      Long sleep = sleep(words);
      millis += sleep == null ? 0 : sleep;
      kind = sleep != null || QUICK.contains(words.getFirst()) ? kind : Kind.AtLeast;
    }
    return millis == 0 ? null : new HookSleep(Math.min(millis, LONGEST_MILLIS), kind);
  }

  /** The commands that are carried out if each succeeds, up to the first that cannot be read. */
  private static List<List<String>> commands(String script) {
    List<List<String>> commands = new ArrayList<>();
    for (String text : ALTERNATIVE.matcher(script).replaceAll("$1").split("&&|[;\n]", -1)) {
      List<String> words = words(text);
      if (isOdd(text) || (!words.isEmpty() && COMPOUND.contains(words.getFirst()))) {
        commands.add(UNREADABLE);
        return commands;
      }
      if (!words.isEmpty()) {
        commands.add(words);
      }
    }
    return commands;
  }

  private static boolean isOdd(String text) {
    boolean quotesParted = text.chars().filter(c -> c == '"' || c == '\'').count() % 2 == 1;
    return quotesParted || text.chars().anyMatch(c -> ODD.indexOf(c) >= 0);
  }

  private static List<String> words(String text) {
    var words =
        new ArrayList<>(
            Arrays.stream(text.strip().split("\\s+"))
                .map(word -> word.replaceAll("[\"']", ""))
                .filter(word -> !word.isEmpty())
                .toList());
    if (!words.isEmpty() && words.getFirst().equals("exec")) {
      words.removeFirst();
    }
    return words;
  }

  /** The milliseconds of a sleep; null: it is none, or none that succeeds. */
  private static @Nullable Long sleep(List<String> command) {
    if (command.size() < 2 || !baseName(command.getFirst()).equals("sleep")) {
      return null;
    }
    long millis = 0;
    for (String argument : command.subList(1, command.size())) {
      Matcher duration = DURATION.matcher(argument);
      if (!duration.matches()) {
        return argument.equals("infinity") || argument.equals("inf") ? LONGEST_MILLIS : null;
      }
      double unit =
          switch (duration.group(2)) {
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 1_000;
          };
      millis += Math.round(Double.parseDouble(duration.group(1)) * unit);
    }
    return Math.min(millis, LONGEST_MILLIS);
  }

  private static String baseName(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }
}
