package dev.graceful.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text that the operator writes into the API server. Parts of it come from pods, nodes, owners and
 * the API server's answers, so every record that the operator writes passes its texts through this
 * class: white space becomes a space, any other character that cannot be seen becomes U+FFFD, and
 * text that is longer than its schema allows ends with an ellipsis. Printable text within the bound
 * comes out as the same string, so that what was written and read again stays equal.
 */
public final class PrintableText {

  /** The longest single word, uid or time, in characters. */
  public static final int WORD = 64;

  /** The longest name of an object in the API, and the longest text in a list, in characters. */
  public static final int NAME = 253;

  private static final String UNSEEN = "\uFFFD";
  private static final String ELLIPSIS = "…";

  private PrintableText() {}

  /**
   * The printable text of at most so many characters.
   *
   * @param text null comes out as null: an object that was read may lack what its schema requires
   */
  public static String of(String text, int most) {
    if (text == null) {
      return text;
    }
    String bounded = text.length() <= most ? text : cut(text, most - 1) + ELLIPSIS;
    return bounded.codePoints().allMatch(PrintableText::isSeen) ? bounded : replaced(bounded);
  }

  /** As {@link #of}, for text that may be absent. */
  static @Nullable String orNull(@Nullable String text, int most) {
    return text == null ? null : of(text, most);
  }

  /** Each text of a list that may be absent, of at most {@link #NAME} characters. */
  static @Nullable List<String> eachOrNull(@Nullable List<String> texts) {
    return texts == null ? null : each(texts);
  }

  /** Each text of a list, of at most {@link #NAME} characters. */
  static List<String> each(List<String> texts) {
    return texts == null ? texts : texts.stream().map(text -> of(text, NAME)).toList();
  }

  /** Does not end in the middle of a character that takes two. */
  private static String cut(String text, int length) {
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
  }

  private static String replaced(String text) {
    var replaced = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isSeen(c)) {
                replaced.appendCodePoint(c);
              } else {
                replaced.append(isSpace(c) ? " " : UNSEEN);
              }
            });
    return replaced.toString();
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private static boolean isSeen(int c) {
    return switch (Character.getType(c)) {
      // Format characters are the bidirectional overrides, joiners and tags among others.
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> !isBlank(c);
    };
  }

  /** Letters and marks that Unicode has as ignorable by default, and the empty Braille pattern. */
  private static boolean isBlank(int c) {
    return switch (c) {
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default -> in(c, 0x180B, 0x180F) || in(c, 0xFE00, 0xFE0F) || in(c, 0xE0100, 0xE01EF);
    };
  }

  private static boolean in(int c, int first, int last) {
    return first <= c && c <= last;
  }
}
