package dev.bitacora.core.mask;

/**
 * Payment card numbers: 13 to 19 digits in one piece or in groups of 3 to 6, whose first digits
 * some network issues in that length, and whose check digit (Luhn) fits. Groups that long keep
 * UUIDs, dates and phone numbers out; the network's prefix keeps most serial numbers and times out.
 */
final class CardNumbers {
  static final int FEWEST_DIGITS = 13;
  private static final int MOST_DIGITS = 19;
  private static final int SHORTEST_GROUP = 3;
  private static final int LONGEST_GROUP = 6;
  private static final int NONE = -1;

  private CardNumbers() {}

  static String mask(String text) {
    Replacing result = new Replacing(text);
    int i = 0;
    while (i < text.length()) {
      if (!isDigit(text.charAt(i))) {
        i++;
        continue;
      }
      int end = mayBegin(text, i) ? end(text, i) : NONE;
      if (end != NONE) {
        result.replace(i, end, Masking.CARD);
        i = end;
      } else {
        i = endOfDigits(text, i);
      }
    }
    return result.result();
  }

  /** True when the whole text is one. */
  static boolean isOne(String text) {
    return !text.isEmpty() && isDigit(text.charAt(0)) && end(text, 0) == text.length();
  }

  /** Not inside a word, a fraction or an international phone number. */
  private static boolean mayBegin(String text, int at) {
    if (at == 0) {
      return true;
    }
    char before = text.charAt(at - 1);
    boolean inFraction = before == '.' && at > 1 && isDigit(text.charAt(at - 2));
    return !Character.isLetterOrDigit(before) && before != '+' && !inFraction;
  }

  /** Behind the longest card number that begins here. */
  private static int end(String text, int start) {
    byte[] digits = new byte[MOST_DIGITS];
    int count = 0;
    int groupStart = start;
    char separator = 0;
    int end = NONE;
    int i = start;
    while (true) {
      while (i < text.length() && isDigit(text.charAt(i)) && count < MOST_DIGITS) {
        digits[count++] = (byte) (text.charAt(i++) - '0');
      }
      char next = i < text.length() ? text.charAt(i) : 0;
      int group = i - groupStart;
      boolean isGroup = group >= SHORTEST_GROUP && group <= LONGEST_GROUP;
      if (Character.isLetterOrDigit(next) || (separator != 0 && !isGroup)) {
        return end;
      }
      if (isIssued(digits, count) && hasCheckDigit(digits, count)) {
        end = i;
      }
      boolean goesOn =
          isGroup
              && count < MOST_DIGITS
              && isSeparator(next)
              && (separator == 0 || separator == next)
              && i + 1 < text.length()
              && isDigit(text.charAt(i + 1));
      if (!goesOn) {
        return end;
      }
      separator = next;
      groupStart = ++i;
    }
  }

  private static int endOfDigits(String text, int from) {
    int i = from;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isSeparator(char c) {
    return c == ' ' || c == '-' || c == '\u00A0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isIssued(byte[] digits, int count) {
    if (count < FEWEST_DIGITS) {
      return false;
    }
    int first4 = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
    int first3 = first4 / 10;
    int first2 = first4 / 100;
    boolean visa = digits[0] == 4 && (count == 13 || count == 16 || count == 19);
    boolean mastercard = count == 16 && (within(first2, 51, 55) || within(first4, 2221, 2720));
    boolean amex = count == 15 && (first2 == 34 || first2 == 37);
    boolean diners =
        count >= 14
            && (within(first3, 300, 305)
                || first3 == 309
                || first2 == 36
                || within(first2, 38, 39));
    boolean others =
        count >= 16
            && (within(first4, 3528, 3589) // JCB
                || first4 == 6011 // Discover, with 644 to 649 and 65
                || within(first3, 644, 649)
                || first2 == 65
                || first2 == 62 // UnionPay
                || first2 == 60 // RuPay, with 81 and 82
                || within(first2, 81, 82)
                || within(first4, 2200, 2204) // Mir
                || first4 == 9792); // Troy
    return visa || mastercard || amex || diners || others || isMaestro(first4);
  }

  private static boolean isMaestro(int first4) {
    return switch (first4) {
      case 5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763 -> true;
      default -> false;
    };
  }

  private static boolean within(int number, int from, int to) {
    return number >= from && number <= to;
  }

  private static boolean hasCheckDigit(byte[] digits, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int digit = digits[count - 1 - i];
      int weighted = i % 2 == 0 ? digit : digit * 2;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
  }
}
