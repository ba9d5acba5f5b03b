package dev.bitacora.store.lucene;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.FieldType;
import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Placement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.UnicodeUtil;

/**
 * The Lucene document of one event after the other: fields and buffers are used again, because
 * making them anew costs as much as indexing them. One thread's own.
 */
final class EventDocument implements Iterable<IndexableField> {
  private static final org.apache.lucene.document.FieldType TEXT = textType();
  private static final SchemaNode ID = SchemaNode.of("event.id");
  private static final SchemaNode HASH = SchemaNode.of("event.hash");
  private static final SchemaNode STREAM = SchemaNode.of("agent.ephemeral_id");
  private static final SchemaNode SEQUENCE = SchemaNode.of("event.sequence");
  private static final SchemaNode INGESTED = SchemaNode.of("event.ingested");
  private static final SchemaNode AGENT_STATUS = SchemaNode.of("event.agent_id_status");
  private static final SchemaNode LOG = SchemaNode.of("ledger.log");
  private static final SchemaNode OFFSET = SchemaNode.of("ledger.offset");
  private static final SchemaNode TIME_STATUS = SchemaNode.of("audit.time_status");
  private static final SchemaNode TIME = SchemaNode.of(IndexFields.TIME);

  private final Shapes shapes = new Shapes();
  private final BitSet shape = new BitSet();
  private final List<IndexableField> fields = new ArrayList<>();

  /** All terms one behind the other; term i ends at ends[i]. */
  private byte[] terms = new byte[4096];

  private int[] ends = new int[64];
  private int termCount;
  private int end;
  private final List<Field> termFields = new ArrayList<>();
  private final List<BytesRef> termBytes = new ArrayList<>();

  private final LongPoint timePoint = new LongPoint(IndexFields.TIME, 0);
  private final NumericDocValuesField timeValue = new NumericDocValuesField(IndexFields.TIME, 0);
  private final BinaryDocValuesField key =
      new BinaryDocValuesField(IndexFields.KEY, new BytesRef(StoredForm.KEY_BYTES));
  private final StoredField stored = new StoredField(IndexFields.STORED, new BytesRef());
  private final Map<String, ReusedFields> texts = new HashMap<>();
  private final Map<String, ReusedFields> longs = new HashMap<>();

  private static org.apache.lucene.document.FieldType textType() {
    org.apache.lucene.document.FieldType type = new org.apache.lucene.document.FieldType();
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
    type.setTokenized(true);
    type.setOmitNorms(true);
    type.freeze();
    return type;
  }

  /** Several values of one field in one document. */
  private static final class ReusedFields {
    private final List<Field> fields = new ArrayList<>();
    private int used;
  }

  /**
   * Becomes the document of this event.
   *
   * @throws IllegalArgumentException when Lucene could not take it
   */
  void fill(NewEvent event, Placement placement) {
    clear();
    object(SchemaNode.ROOT, event.event().tree());
    envelope(event, placement);
    byte[] keyBytes = StoredForm.key(event);
    time(EventTime.toNanos(placement.time()));
    key.setBytesValue(keyBytes);
    stored.setBytesValue(StoredForm.encode(event, keyBytes, placement));
    fields.add(timePoint);
    fields.add(timeValue);
    fields.add(key);
    fields.add(stored);
    BytesRef shapeTerm = shapes.termOf(shape);
    append(shapeTerm.bytes, shapeTerm.offset, shapeTerm.length);
    endTerm();
    addTerms();
  }

  private void clear() {
    fields.clear();
    shape.clear();
    termCount = 0;
    end = 0;
    texts.values().forEach(reused -> reused.used = 0);
    longs.values().forEach(reused -> reused.used = 0);
  }

  private void envelope(NewEvent event, Placement placement) {
    keyword(ID, event.position().eventId());
    keyword(HASH, event.hash());
    keyword(STREAM, event.position().stream().toString());
    number(SEQUENCE, event.position().sequence());
    number(INGESTED, EventTime.toNanos(event.ingested()));
    keyword(AGENT_STATUS, event.agentIdStatus().text());
    keyword(LOG, event.log().log());
    number(OFFSET, event.log().offset());
    if (!placement.plausible()) {
      keyword(TIME_STATUS, Placement.IMPLAUSIBLE);
    }
  }

  private void time(long nanos) {
    timePoint.setLongValue(nanos);
    timeValue.setLongValue(nanos);
    shape.set(TIME.number());
  }

  private void object(SchemaNode node, Map<?, ?> members) {
    for (Map.Entry<?, ?> member : members.entrySet()) {
      SchemaNode child = node.child((String) member.getKey());
      if (child == null || member.getValue() == null) {
        continue;
      }
      if (child.field() != null) {
        values(child, member.getValue());
      } else if (member.getValue() instanceof Map<?, ?> object) {
        object(child, object);
      }
    }
  }

  private void values(SchemaNode node, Object value) {
    if (node.field().type() == FieldType.FLATTENED) {
      leaves(node, new StringBuilder(), (Map<?, ?>) value);
    } else if (value instanceof List<?> elements) {
      elements.forEach(element -> value(node, element));
    } else {
      value(node, value);
    }
  }

  private void value(SchemaNode node, Object value) {
    switch (node.field().type()) {
      case KEYWORD -> keyword(node, value.toString());
      case TEXT -> text(node, (String) value);
      case LONG -> number(node, (Long) value);
      case IP -> address(node, (String) value);
      case DATE, FLATTENED, STORED -> {
        // @timestamp is the placement's time; a flattened field has leaves; the rest is not found
      }
    }
  }

  private void leaves(SchemaNode node, StringBuilder path, Map<?, ?> object) {
    int length = path.length();
    for (Map.Entry<?, ?> member : object.entrySet()) {
      path.append(length == 0 ? "" : ".").append(member.getKey());
      leaf(node, path, member.getValue());
      path.setLength(length);
    }
  }

  private void leaf(SchemaNode node, StringBuilder path, Object value) {
    if (value instanceof Map<?, ?> object) {
      leaves(node, path, object);
    } else if (value instanceof List<?> elements) {
      elements.forEach(element -> leaf(node, path, element));
    } else if (value != null) {
      String text = value.toString();
      if (text.length() <= EventSchema.FLATTENED_IGNORE_ABOVE) {
        shape.set(node.number());
        append(node.prefix(), 0, node.prefix().length);
        append(text);
        endTerm();
        append(node.keyedPrefix(), 0, node.keyedPrefix().length);
        append(path);
        append(Terms.SHAPE, 0, 1);
        append(text);
        endTerm();
      }
    }
  }

  private void keyword(SchemaNode node, String value) {
    if (value.length() <= EventSchema.IGNORE_ABOVE) {
      shape.set(node.number());
      append(node.prefix(), 0, node.prefix().length);
      append(value);
      endTerm();
    }
  }

  private void address(SchemaNode node, String value) {
    shape.set(node.number());
    append(node.prefix(), 0, node.prefix().length);
    byte[] address = Terms.address(value);
    append(address, 0, address.length);
    endTerm();
  }

  private void text(SchemaNode node, String value) {
    shape.set(node.number());
    ReusedFields reused = texts.computeIfAbsent(node.field().name(), ignored -> new ReusedFields());
    if (reused.used == reused.fields.size()) {
      reused.fields.add(new Field(node.field().name(), "", TEXT));
    }
    Field field = reused.fields.get(reused.used++);
    field.setStringValue(value);
    fields.add(field);
  }

  private void number(SchemaNode node, long value) {
    shape.set(node.number());
    ReusedFields reused = longs.computeIfAbsent(node.field().name(), ignored -> new ReusedFields());
    if (reused.used == reused.fields.size()) {
      reused.fields.add(new SortedNumericDocValuesField(node.field().name(), 0));
    }
    Field field = reused.fields.get(reused.used++);
    field.setLongValue(value);
    fields.add(field);
  }

  private void append(byte[] bytes, int offset, int length) {
    terms = ArrayUtil.grow(terms, end + length);
    System.arraycopy(bytes, offset, terms, end, length);
    end += length;
  }

  private void append(CharSequence text) {
    terms = ArrayUtil.grow(terms, end + UnicodeUtil.maxUTF8Length(text.length()));
    end = UnicodeUtil.UTF16toUTF8(text, 0, text.length(), terms, end);
  }

  private void endTerm() {
    ends = ArrayUtil.grow(ends, termCount + 1);
    ends[termCount++] = end;
  }

  private void addTerms() {
    int start = 0;
    for (int i = 0; i < termCount; i++) {
      fields.add(termField(i, start, ends[i] - start));
      start = ends[i];
    }
  }

  private Field termField(int i, int start, int length) {
    if (length > Terms.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a key and its value are longer together than " + Terms.MAX_LENGTH + " bytes");
    }
    if (i == termFields.size()) {
      BytesRef bytes = new BytesRef();
      termBytes.add(bytes);
      termFields.add(new StringField(IndexFields.TERMS, bytes, Field.Store.NO));
    }
    BytesRef bytes = termBytes.get(i);
    bytes.bytes = terms;
    bytes.offset = start;
    bytes.length = length;
    return termFields.get(i);
  }

  @Override
  public Iterator<IndexableField> iterator() {
    return fields.iterator();
  }
}
