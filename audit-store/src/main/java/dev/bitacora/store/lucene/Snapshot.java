package dev.bitacora.store.lucene;

import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.store.StoredEvent;
import dev.bitacora.store.TimeRange;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFieldVisitor;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;

/** All durable events of a time range at one moment, as one index. One thread's own. */
final class Snapshot implements Closeable {
  private final IndexReader reader;
  private final IndexSearcher searcher;
  private final StoredFields stored;
  private final Optional<Deadline> deadline;

  Snapshot(Partitions partitions, TimeRange range, Optional<Deadline> deadline) throws IOException {
    this(partitions.durable(range), deadline);
  }

  /** Of a single index, without a limit of time. */
  Snapshot(Partitions partitions, Partition only) throws IOException {
    this(partitions.durable(List.of(only)), Optional.empty());
  }

  private Snapshot(IndexReader reader, Optional<Deadline> deadline) throws IOException {
    this.reader = reader;
    this.searcher = new IndexSearcher(reader);
    this.stored = reader.storedFields();
    this.deadline = deadline;
    searcher.setQueryCache(null);
    deadline.ifPresent(searcher::setTimeout);
  }

  IndexReader reader() {
    return reader;
  }

  long count(Query query) throws IOException {
    long count = searcher.count(query);
    requireInTime();
    return count;
  }

  /** The first documents in this order, behind a cursor. */
  ScoreDoc[] top(Query query, Order order, Optional<Cursor> after, int size) throws IOException {
    if (reader.maxDoc() == 0) {
      return new ScoreDoc[0];
    }
    ScoreDoc[] found =
        searcher.searchAfter(
                after.map(this::place).orElse(null),
                query,
                Math.min(size, reader.maxDoc()),
                sort(order))
            .scoreDocs;
    requireInTime();
    return found;
  }

  /** Keys are unique, so whatever equals the cursor is what stood before it, wherever it is now. */
  private FieldDoc place(Cursor cursor) {
    return new FieldDoc(reader.maxDoc() - 1, Float.NaN, new Object[] {cursor.time(), cursor.key()});
  }

  private static Sort sort(Order order) {
    boolean reverse = order == Order.NEWEST_FIRST;
    return new Sort(
        new SortField(IndexFields.TIME, SortField.Type.LONG, reverse),
        new SortField(IndexFields.KEY, SortField.Type.STRING_VAL, reverse));
  }

  static Cursor cursor(ScoreDoc found, Order order) {
    Object[] place = ((FieldDoc) found).fields;
    return new Cursor(order, (Long) place[0], (BytesRef) place[1]);
  }

  StoredEvent event(ScoreDoc found) throws IOException {
    OneValue value = new OneValue();
    stored.document(found.doc, value);
    return StoredForm.decode(value.bytes);
  }

  /** The only stored value. */
  private static final class OneValue extends StoredFieldVisitor {
    private byte[] bytes;

    @Override
    public Status needsField(FieldInfo field) {
      return Status.YES;
    }

    @Override
    public void binaryField(FieldInfo field, byte[] value) {
      bytes = value;
    }
  }

  /** The matching documents; empty for all there are. */
  Optional<FixedBitSet> matching(Query query) throws IOException {
    if (query instanceof MatchAllDocsQuery && !reader.hasDeletions()) {
      return Optional.empty();
    }
    FixedBitSet bits = new FixedBitSet(Math.max(1, reader.maxDoc()));
    searcher.search(query, new BitCollectorManager(bits));
    requireInTime();
    return Optional.of(bits);
  }

  private record BitCollectorManager(FixedBitSet bits)
      implements CollectorManager<BitCollector, FixedBitSet> {
    @Override
    public BitCollector newCollector() {
      return new BitCollector(bits);
    }

    @Override
    public FixedBitSet reduce(Collection<BitCollector> collectors) {
      return bits;
    }
  }

  private static final class BitCollector extends SimpleCollector {
    private final FixedBitSet bits;
    private int base;

    BitCollector(FixedBitSet bits) {
      this.bits = bits;
    }

    @Override
    protected void doSetNextReader(LeafReaderContext context) {
      base = context.docBase;
    }

    @Override
    public void collect(int document) {
      bits.set(base + document);
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }

  private void requireInTime() {
    if (searcher.timedOut()) {
      throw deadline.orElseThrow().exceeded();
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
