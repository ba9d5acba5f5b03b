package dev.bitacora.core.mask;

/** Secrets that are known by their own look. Each method passes over the text once. */
final class Tokens {
  private static final int SHORTEST_JWT = 30;
  private static final int SHORTEST_JWT_HEADER = 10;
  private static final int MOST_JWT_PARTS = 5; // an encrypted one

  /** So that "the bearer of" and "Bearer authentication" stay. */
  private static final int SHORTEST_BEARER = 8;

  private static final int CERTAIN_BEARER = 20;
  private static final String BEARER = "bearer";

  private static final String PEM_BEGIN = "-----BEGIN ";
  private static final String PEM_END = "-----END ";
  private static final String PEM_DASHES = "-----";
  private static final int LONGEST_PEM_LABEL = 64;

  private static final int AWS_KEY_LENGTH = 20;

  private Tokens() {}

  /** From BEGIN to END, or to the end of a text that was cut off. */
  static String privateKeys(String text) {
    Replacing result = new Replacing(text);
    int begin = text.indexOf(PEM_BEGIN);
    while (begin >= 0) {
      int label = begin + PEM_BEGIN.length();
      int next = label;
      if (isPrivateKey(text, label)) {
        next = pemEnd(text, label);
        result.replace(begin, next, Masking.PRIVATE_KEY);
      }
      begin = text.indexOf(PEM_BEGIN, next);
    }
    return result.result();
  }

  private static boolean isPrivateKey(String text, int label) {
    String near = text.substring(label, Math.min(text.length(), label + LONGEST_PEM_LABEL));
    int dashes = near.indexOf(PEM_DASHES);
    return (dashes < 0 ? near : near.substring(0, dashes)).contains("PRIVATE KEY");
  }

  private static int pemEnd(String text, int from) {
    int end = text.indexOf(PEM_END, from);
    int dashes = end < 0 ? -1 : text.indexOf(PEM_DASHES, end + PEM_END.length());
    return dashes < 0 ? text.length() : dashes + PEM_DASHES.length();
  }

  /** Parts of base64url with dots between them; the header is JSON and so begins with eyJ. */
  static String jwts(String text) {
    Replacing result = new Replacing(text);
    int begin = text.indexOf("eyJ");
    while (begin >= 0) {
      int end = endOfJwt(text, begin);
      boolean whole = begin == 0 || !isBase64Url(text.charAt(begin - 1));
      if (whole && end - begin >= SHORTEST_JWT) {
        result.replace(begin, end, Masking.JWT);
      }
      begin = text.indexOf("eyJ", Math.max(end, begin + 1));
    }
    return result.result();
  }

  /** Where the header ends when it is none. */
  private static int endOfJwt(String text, int begin) {
    int header = endOfPart(text, begin);
    if (header - begin < SHORTEST_JWT_HEADER || !isDot(text, header)) {
      return header;
    }
    int payload = endOfPart(text, header + 1);
    if (!isDot(text, payload)) {
      return header;
    }
    int end = endOfPart(text, payload + 1);
    for (int parts = 3; parts < MOST_JWT_PARTS && isDot(text, end); parts++) {
      int next = endOfPart(text, end + 1);
      if (next == end + 1) { // the sentence's full stop
        return end;
      }
      end = next;
    }
    return end;
  }

  private static boolean isDot(String text, int at) {
    return at < text.length() && text.charAt(at) == '.';
  }

  private static int endOfPart(String text, int from) {
    int i = from;
    while (i < text.length() && isBase64Url(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isBase64Url(char c) {
    return isAsciiLetterOrDigit(c) || c == '-' || c == '_';
  }

  /** The word stays, what follows it goes. */
  static String bearers(String text) {
    Replacing result = new Replacing(text);
    int i = 0;
    while (i + BEARER.length() < text.length()) {
      boolean found =
          (text.charAt(i) | 0x20) == 'b' && text.regionMatches(true, i, BEARER, 0, BEARER.length());
      if (!found) {
        i++;
        continue;
      }
      int begin = endOfSpace(text, i + BEARER.length());
      int end = endOfToken(text, begin);
      if (begin > i + BEARER.length() && isBearerToken(text, begin, end)) {
        result.replace(begin, end, Masking.TOKEN);
      }
      i = Math.max(end, i + BEARER.length());
    }
    return result.result();
  }

  private static boolean isBearerToken(String text, int begin, int end) {
    if (end - begin >= CERTAIN_BEARER) {
      return true;
    }
    boolean hasDigit = false;
    for (int i = begin; i < end; i++) {
      hasDigit |= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return hasDigit && end - begin >= SHORTEST_BEARER;
  }

  static int endOfSpace(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int endOfToken(String text, int from) {
    int i = from;
    while (i < text.length() && isTokenCharacter(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** RFC 6750's b64token. */
  private static boolean isTokenCharacter(char c) {
    return isBase64Url(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
  }

  /** AKIA or ASIA and sixteen capitals or digits. */
  static String awsKeys(String text) {
    Replacing result = new Replacing(text);
    int i = 0;
    while (i + AWS_KEY_LENGTH <= text.length()) {
      if (isAwsKey(text, i)) {
        result.replace(i, i + AWS_KEY_LENGTH, Masking.AWS_KEY);
        i += AWS_KEY_LENGTH;
      } else {
        i++;
      }
    }
    return result.result();
  }

  private static boolean isAwsKey(String text, int begin) {
    int end = begin + AWS_KEY_LENGTH;
    if (!text.startsWith("AKIA", begin) && !text.startsWith("ASIA", begin)) {
      return false;
    }
    for (int i = begin; i < end; i++) {
      char c = text.charAt(i);
      if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
        return false;
      }
    }
    return (begin == 0 || !isAsciiLetterOrDigit(text.charAt(begin - 1)))
        && (end == text.length() || !isAsciiLetterOrDigit(text.charAt(end)));
  }

  /** {@code postgres://user:secret@host}: the user stays. */
  static String passwordsInAddresses(String text) {
    Replacing result = new Replacing(text);
    int scheme = text.indexOf("://");
    while (scheme >= 0) {
      int begin = scheme + 3;
      int end = endOfAuthority(text, begin);
      String authority = text.substring(begin, end);
      int colon = authority.indexOf(':');
      int at = authority.lastIndexOf('@');
      if (colon >= 0 && colon + 1 < at) {
        result.replace(begin + colon + 1, begin + at, Masking.PASSWORD);
      }
      scheme = text.indexOf("://", end);
    }
    return result.result();
  }

  private static int endOfAuthority(String text, int from) {
    int i = from;
    while (i < text.length() && "/?#\"'<>".indexOf(text.charAt(i)) < 0 && text.charAt(i) > ' ') {
      i++;
    }
    return i;
  }

  private static boolean isAsciiLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
