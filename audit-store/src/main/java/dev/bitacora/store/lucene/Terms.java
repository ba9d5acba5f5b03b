package dev.bitacora.store.lucene;

import dev.bitacora.core.event.Field;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.core.event.FieldType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefBuilder;

/**
 * How values become terms. All keywords, addresses and leaves of flattened objects share one Lucene
 * field, {@link IndexFields#TERMS}; the name of the event's field leads each term, so that neither
 * a new field nor any number of keys in {@code labels} makes a new Lucene field, and the values of
 * one field stand together in order:
 *
 * <pre>
 * name 00 value               keyword; leaf of a flattened field, whatever its key
 * name 00 address[16]         ip, IPv4 mapped into IPv6
 * name 01 key 00 value        leaf of a flattened field at a key
 * 00 name 00 name 00 … 00     the set of fields that a document has, one such term per document
 * </pre>
 */
final class Terms {
  /** Longer ones Lucene does not take. */
  static final int MAX_LENGTH = org.apache.lucene.index.IndexWriter.MAX_TERM_LENGTH;

  /** Leads the terms that name the fields a document has. */
  static final byte[] SHAPE = {0};

  private static final int ADDRESS_BYTES = 16;

  private Terms() {}

  /** What stands before a field's values. */
  static byte[] prefix(Field field) {
    return utf8(field.name() + "\0");
  }

  /** What stands before the key of a flattened field's leaf. */
  static byte[] keyedPrefix(Field field) {
    return utf8(field.name() + "\1");
  }

  static byte[] prefix(FieldName name) {
    return name.isKeyed()
        ? utf8(name.field().name() + "\1" + name.key() + "\0")
        : prefix(name.field());
  }

  /** The term of a value as a query writes it. */
  static BytesRef of(FieldName name, String value) {
    return join(prefix(name), name.type() == FieldType.IP ? address(value) : utf8(value));
  }

  /** The value of a term as people read it. */
  static String valueOf(FieldName name, BytesRef term, int prefixLength) {
    BytesRef value =
        new BytesRef(term.bytes, term.offset + prefixLength, term.length - prefixLength);
    return name.type() == FieldType.IP ? AddressText.of(value) : value.utf8ToString();
  }

  /** The first term behind all that begin with {@code prefix}, which does not end in FF. */
  static BytesRef after(BytesRef prefix) {
    BytesRef after = BytesRef.deepCopyOf(prefix);
    after.bytes[after.offset + after.length - 1]++;
    return after;
  }

  /** The first term behind this one. */
  static BytesRef next(BytesRef term) {
    BytesRefBuilder next = new BytesRefBuilder();
    next.append(term);
    next.append((byte) 0);
    return next.toBytesRef();
  }

  static BytesRef join(byte[] prefix, byte[] value) {
    BytesRefBuilder term = new BytesRefBuilder();
    term.append(prefix, 0, prefix.length);
    term.append(value, 0, value.length);
    return term.toBytesRef();
  }

  /** 16 bytes; the text is an address, which was checked when it was parsed. */
  static byte[] address(String text) {
    try {
      byte[] address = InetAddress.getByName(text).getAddress();
      if (address.length == ADDRESS_BYTES) {
        return address;
      }
      byte[] mapped = new byte[ADDRESS_BYTES];
      mapped[10] = (byte) 0xFF;
      mapped[11] = (byte) 0xFF;
      System.arraycopy(address, 0, mapped, 12, address.length);
      return mapped;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address", e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
