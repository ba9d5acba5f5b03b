package dev.bitacora.store.lucene;

import dev.bitacora.core.chain.StreamId;
import dev.bitacora.core.chain.StreamPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/** Finds ids in one reader, with the enumerations of its segments kept open. Not thread-safe. */
final class IdLookup {
  private static final byte[] PREFIX = SchemaNode.of("event.id").prefix();

  private final List<Segment> segments = new ArrayList<>();

  private record Segment(LeafReaderContext context, TermsEnum terms) {}

  /** What the index has of an event. */
  enum Found {
    NOTHING,
    OTHER_BYTES,
    SAME
  }

  IdLookup(DirectoryReader reader) throws IOException {
    for (LeafReaderContext context : reader.leaves()) {
      org.apache.lucene.index.Terms terms = context.reader().terms(IndexFields.TERMS);
      if (terms != null) {
        segments.add(new Segment(context, terms.iterator()));
      }
    }
  }

  /**
   * @param key as in {@link StoredForm#key}
   */
  Found find(StreamPosition position, byte[] key) throws IOException {
    BytesRef id = Terms.join(PREFIX, Terms.utf8(position.eventId()));
    Found found = Found.NOTHING;
    for (Segment segment : segments) {
      if (segment.terms().seekExact(id)) {
        if (holds(segment, key)) {
          return Found.SAME;
        }
        found = hasLive(segment) ? Found.OTHER_BYTES : found;
      }
    }
    return found;
  }

  private static boolean holds(Segment segment, byte[] key) throws IOException {
    BinaryDocValues keys = segment.context().reader().getBinaryDocValues(IndexFields.KEY);
    BytesRef wanted = new BytesRef(key);
    PostingsEnum documents = segment.terms().postings(null, PostingsEnum.NONE);
    while (documents.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      if (isLive(segment, documents.docID())
          && keys.advanceExact(documents.docID())
          && keys.binaryValue().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLive(Segment segment) throws IOException {
    PostingsEnum documents = segment.terms().postings(null, PostingsEnum.NONE);
    while (documents.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      if (isLive(segment, documents.docID())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLive(Segment segment, int document) {
    Bits live = segment.context().reader().getLiveDocs();
    return live == null || live.get(document);
  }

  /** The highest sequence of a stream, or {@link StreamHeights#NONE}. */
  long highest(StreamId stream) throws IOException {
    long highest = StreamHeights.NONE;
    for (Segment segment : segments) {
      highest = Math.max(highest, highest(segment.terms(), stream));
    }
    return highest;
  }

  /** Terms can only be sought upwards: halve the range in which the last one is. */
  private static long highest(TermsEnum terms, StreamId stream) throws IOException {
    BytesRef prefix = Terms.join(PREFIX, Terms.utf8(stream + "-"));
    long low = sequenceFrom(terms, prefix, stream, 0);
    if (low == StreamHeights.NONE) {
      return low;
    }
    long high = StreamPosition.SEQUENCE_LIMIT - 1;
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      long found = sequenceFrom(terms, prefix, stream, middle);
      if (found == StreamHeights.NONE) {
        high = middle - 1;
      } else {
        low = found;
      }
    }
    return low;
  }

  private static long sequenceFrom(TermsEnum terms, BytesRef prefix, StreamId stream, long from)
      throws IOException {
    String id = new StreamPosition(stream, from).eventId();
    if (terms.seekCeil(Terms.join(PREFIX, Terms.utf8(id))) == TermsEnum.SeekStatus.END
        || !StringHelper.startsWith(terms.term(), prefix)) {
      return StreamHeights.NONE;
    }
    String digits = terms.term().utf8ToString().substring(prefix.length);
    return Long.parseLong(digits);
  }
}
