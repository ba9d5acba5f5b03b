package dev.bitacora.core.mask;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which names mean a secret. Immutable. */
final class SecretNames {
  /** A name that ends like this means a secret: {@code dbPassword}, {@code x-api-key}. */
  private static final String[] ENDINGS = {
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "authorization",
    "credential",
    "credentials",
    "cookie",
    "jsessionid",
    "cvv",
    "cvc"
  };

  /** By their last letter, because most names end in a letter that none of them ends in. */
  private static final String[][] BY_LAST_LETTER = byLastLetter();

  private final Set<String> named;
  private final boolean knowsEndings;

  SecretNames(Collection<String> named, boolean knowsEndings) {
    this.named = named.stream().map(SecretNames::normal).collect(Collectors.toUnmodifiableSet());
    this.knowsEndings = knowsEndings;
  }

  /** True when there are names beside those that everybody means. */
  boolean areGiven() {
    return !named.isEmpty();
  }

  boolean isNamed(String name) {
    return !named.isEmpty() && named.contains(normal(name));
  }

  boolean isSecret(String name) {
    return isSecret(name, 0, name.length());
  }

  /** The name that stands there in a text. */
  boolean isSecret(String text, int from, int to) {
    return (knowsEndings && hasSecretEnding(text, from, to))
        || (!named.isEmpty() && isNamed(text.substring(from, to)));
  }

  private static boolean hasSecretEnding(String text, int from, int to) {
    int last = to > from ? lower(text.charAt(to - 1)) - 'a' : -1;
    if (last < 0 || last >= BY_LAST_LETTER.length) {
      return false;
    }
    for (String ending : BY_LAST_LETTER[last]) {
      if (endsWith(text, from, to, ending)) {
        return true;
      }
    }
    return false;
  }

  private static String[][] byLastLetter() {
    String[][] endings = new String['z' - 'a' + 1][];
    for (int i = 0; i < endings.length; i++) {
      String last = String.valueOf((char) ('a' + i));
      endings[i] = Stream.of(ENDINGS).filter(e -> e.endsWith(last)).toArray(String[]::new);
    }
    return endings;
  }

  private static boolean endsWith(String text, int from, int to, String ending) {
    int i = to;
    int j = ending.length();
    while (i > from && j > 0) {
      char c = text.charAt(--i);
      if (lower(c) == ending.charAt(j - 1)) {
        j--;
      } else if (!isJoint(c)) {
        return false;
      }
    }
    return j == 0;
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
  }

  private static boolean isJoint(char c) {
    return c == '_' || c == '-' || c == '.' || c == ' ';
  }

  private static String normal(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
