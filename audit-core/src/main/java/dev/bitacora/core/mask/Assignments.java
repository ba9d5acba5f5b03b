package dev.bitacora.core.mask;

/**
 * {@code key=value}, {@code key: value} and {@code "key":"value"} inside a text, where the key is
 * named like a secret. A value in quotes ends with its quote, one without at the next space or
 * separator.
 */
final class Assignments {
  /** Names are short; looking back further would take more time than proportional to the text. */
  private static final int LONGEST_NAME = 64;

  /** Words in front of the secret itself in an Authorization header. */
  private static final String[] SCHEMES = {"Basic ", "Bearer ", "Digest ", "Token ", "ApiKey "};

  private Assignments() {}

  static String mask(String text, SecretNames names) {
    Replacing result = new Replacing(text);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if ((c == '=' || c == ':') && hasSecretName(text, i, names)) {
        i = value(text, i + 1, result);
      } else {
        i++;
      }
    }
    return result.result();
  }

  /** True when what stands in front of an equals sign or a colon is the name of a secret. */
  static boolean hasSecretName(String text, int assignment, SecretNames names) {
    int first = Math.max(0, assignment - LONGEST_NAME);
    int end = assignment;
    while (end > first && isBehindName(text.charAt(end - 1))) {
      end--;
    }
    int begin = end;
    while (begin > first && isInName(text.charAt(begin - 1))) {
      begin--;
    }
    return begin < end && names.isSecret(text, begin, end);
  }

  private static boolean isBehindName(char c) {
    return c == ' ' || c == '"' || c == '\'' || c == '\\' || c == ']';
  }

  private static boolean isInName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  /** Masks the value that stands behind an equals sign or a colon, and says where it ends. */
  private static int value(String text, int from, Replacing result) {
    int begin = from;
    while (begin < text.length() && isBeforeValue(text.charAt(begin))) {
      begin++;
    }
    boolean escaped = text.startsWith("\\\"", begin);
    begin += escaped ? 1 : 0;
    char quote = begin < text.length() ? text.charAt(begin) : 0;
    boolean quoted = quote == '"' || quote == '\'' || quote == '`';
    begin += quoted ? 1 : 0;
    begin = behindScheme(text, begin);
    int end =
        escaped
            ? endOf("\\\"", text, begin)
            : quoted ? endOfQuoted(text, begin, quote) : endOfWord(text, begin);
    if (tells(text, begin, end)) {
      result.replace(begin, end, Masking.SECRET);
    }
    return end;
  }

  private static boolean isBeforeValue(char c) {
    return c == ' ' || c == '\t' || c == '>' || c == '='; // => and :=, too
  }

  private static int behindScheme(String text, int begin) {
    for (String scheme : SCHEMES) {
      if (text.regionMatches(true, begin, scheme, 0, scheme.length())) {
        return begin + scheme.length();
      }
    }
    return begin;
  }

  private static int endOf(String closing, String text, int from) {
    int end = text.indexOf(closing, from);
    return end < 0 ? text.length() : end;
  }

  private static int endOfQuoted(String text, int from, char quote) {
    int i = from;
    while (i < text.length() && text.charAt(i) != quote) {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i, text.length());
  }

  private static int endOfWord(String text, int from) {
    int i = from;
    while (i < text.length() && !Character.isWhitespace(text.charAt(i)) && !ends(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean ends(char c) {
    return ",;&|\"')]}>".indexOf(c) >= 0;
  }

  /** Nothing, a flag, an opening bracket and a marker tell nothing. */
  private static boolean tells(String text, int begin, int end) {
    if (end <= begin || text.startsWith(Masking.BEGIN, begin)) {
      return false;
    }
    char first = text.charAt(begin);
    return switch (text.substring(begin, end)) {
      case "null", "true", "false", "undefined", "None" -> false;
      default -> first != '{' && first != '[' && first != '(';
    };
  }
}
