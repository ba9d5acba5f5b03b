package dev.bitacora.core.mask;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces what must not be kept by a constant that says what it was, {@code [masked:card]}: card
 * numbers, JSON Web Tokens, bearer tokens, private keys, AWS key ids, passwords in addresses, the
 * values of keys that are named like a secret ({@code password=…}, {@code "apiKey":"…"}), and
 * whatever was named. What is found is gone: nothing derived from it is kept, because a hash of a
 * card number is as good as the number.
 *
 * <p>Works on text alone: nothing is looked up, evaluated or expanded. Costs one look at each
 * character of a text that holds nothing suspicious. Takes time proportional to the text, whatever
 * the text is. Immutable and safe for any thread.
 */
public final class Masking {
  static final String BEGIN = "[masked:";
  static final String CARD = BEGIN + "card]";
  static final String JWT = BEGIN + "jwt]";
  static final String TOKEN = BEGIN + "token]";
  static final String PRIVATE_KEY = BEGIN + "private-key]";
  static final String AWS_KEY = BEGIN + "aws-key]";
  static final String SECRET = BEGIN + "secret]";
  static final String PASSWORD = BEGIN + "password]";

  /** {@code pwd=x} */
  private static final int SHORTEST = 5;

  private static final long SMALLEST_CARD = 1_000_000_000_000L;

  // What a text must hold for a kind of secret to be possible; the digits are counted.
  private static final int DIGIT = 1;
  private static final int ASSIGNS = 1 << 24; // = or :
  private static final int JWT_J = 1 << 25;
  private static final int BEARER_B = 1 << 26;
  private static final int AWS_I = 1 << 27;
  private static final int AT = 1 << 28;
  private static final int DASH = 1 << 29;
  private static final int[] HINTS = hints();

  private final SecretNames names;
  private final boolean searchesTexts;

  private Masking(Collection<String> named, boolean searchesTexts) {
    this.names = new SecretNames(named, searchesTexts);
    this.searchesTexts = searchesTexts;
  }

  /**
   * Masks everything this class knows, and these.
   *
   * @param named fields of the event ({@code user.email}) and keys of labels, details, changes and
   *     of {@code key=value} in a text; upper case, hyphens and underscores do not matter
   */
  public static Masking everything(Collection<String> named) {
    return new Masking(named, true);
  }

  /** Masks what is named and nothing else. */
  public static Masking only(Collection<String> named) {
    return new Masking(named, false);
  }

  /** True when anything is masked because of its name. */
  public boolean knowsNames() {
    return names.areGiven();
  }

  /** True when a value is masked because of its name, whatever it is. */
  public boolean isNamed(String fieldOrKey) {
    return names.isNamed(fieldOrKey);
  }

  /** What stands for a value that was named. */
  public static String replacement() {
    return SECRET;
  }

  /** A plain value and everything inside it; the same object when there was nothing to mask. */
  public Object value(Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    if (value == null || value instanceof Boolean || value instanceof Integer) {
      return value;
    }
    if (value instanceof Number number) {
      return searchesTexts && isCard(number) ? CARD : value;
    }
    if (value instanceof Map<?, ?> map) {
      return map(map);
    }
    if (value instanceof Iterable<?> elements) {
      return list(elements);
    }
    return text(value.toString());
  }

  private Object map(Map<?, ?> map) {
    boolean same = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object key = entry.getKey();
      same &= value(key) == key && member(key, entry.getValue()) == entry.getValue();
    }
    if (same) {
      return map;
    }
    Map<Object, Object> masked = new LinkedHashMap<>();
    map.forEach((key, value) -> masked.put(value(key), member(key, value)));
    return masked;
  }

  /** A flag or nothing at all tells no secret: {@code hasPassword: true}. */
  private Object member(Object key, Object value) {
    boolean mayTell = value != null && !(value instanceof Boolean);
    return mayTell && names.isSecret(String.valueOf(key)) ? SECRET : value(value);
  }

  private Object list(Iterable<?> elements) {
    boolean same = true;
    for (Object element : elements) {
      same &= value(element) == element;
    }
    if (same) {
      return elements;
    }
    List<Object> masked = new ArrayList<>();
    elements.forEach(element -> masked.add(value(element)));
    return masked;
  }

  private static boolean isCard(Number number) {
    if (number instanceof BigInteger || number instanceof BigDecimal) {
      return CardNumbers.isOne(number.toString());
    }
    long whole = number.longValue();
    return whole >= SMALLEST_CARD
        && whole == number.doubleValue()
        && CardNumbers.isOne(Long.toString(whole));
  }

  /** A text; the same object when there was nothing to mask. */
  public String text(String text) {
    if (text.length() < SHORTEST) {
      return text;
    }
    int hints = 0;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      int hint = HINTS[text.charAt(i) & 0x7F];
      digits += hint & DIGIT;
      if (hint > DIGIT && isConfirmed(hint, text, i)) {
        hints |= hint;
      }
    }
    boolean suspicious = hints != 0 || digits >= CardNumbers.FEWEST_DIGITS;
    return suspicious ? search(text, hints, digits) : text;
  }

  /** Whether the neighbours of the character fit, too: most texts hold a colon and a b. */
  private boolean isConfirmed(int hint, String text, int at) {
    return switch (hint) {
      case ASSIGNS -> Assignments.hasSecretName(text, at, names);
      case JWT_J -> at > 0 && text.charAt(at - 1) == 'y';
      case BEARER_B -> at + 1 < text.length() && (text.charAt(at + 1) | 0x20) == 'e';
      case AWS_I -> at + 1 < text.length() && text.charAt(at + 1) == 'A';
      case DASH -> at + 1 < text.length() && text.charAt(at + 1) == '-';
      default -> true;
    };
  }

  /** From the most to the least certain: a marker is no candidate for what comes after. */
  private String search(String text, int hints, int digits) {
    String masked = text;
    if (searchesTexts) {
      masked = (hints & DASH) == 0 ? masked : Tokens.privateKeys(masked);
      masked = (hints & JWT_J) == 0 ? masked : Tokens.jwts(masked);
      masked = (hints & BEARER_B) == 0 ? masked : Tokens.bearers(masked);
      masked = (hints & AWS_I) == 0 ? masked : Tokens.awsKeys(masked);
      masked = (hints & AT) == 0 ? masked : Tokens.passwordsInAddresses(masked);
    }
    masked = (hints & ASSIGNS) == 0 ? masked : Assignments.mask(masked, names);
    boolean mayHoldCard = searchesTexts && digits >= CardNumbers.FEWEST_DIGITS;
    return mayHoldCard ? CardNumbers.mask(masked) : masked;
  }

  /**
   * Indexed by the lowest seven bits: another alphabet's letter may raise a false alarm, which
   * costs time and nothing else.
   */
  private static int[] hints() {
    int[] hints = new int[0x80];
    for (char c = '0'; c <= '9'; c++) {
      hints[c] = DIGIT;
    }
    hints['='] = ASSIGNS;
    hints[':'] = ASSIGNS;
    hints['J'] = JWT_J;
    hints['B'] = BEARER_B;
    hints['b'] = BEARER_B;
    hints['I'] = AWS_I;
    hints['@'] = AT;
    hints['-'] = DASH;
    return hints;
  }
}
