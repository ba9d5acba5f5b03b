package dev.bitacora.store.lucene;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.store.FacetValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.StringHelper;

/**
 * Counts the values of fields, exactly and in bounded memory: terms are visited in order, and each
 * one's documents counted against those that match, so that only the best are ever kept.
 */
final class Facets {
  /** Different numbers counted at once; more are counted in several passes. */
  private static final int NUMBERS_PER_PASS = 200_000;

  private final IndexReader reader;
  private final Optional<FixedBitSet> matching;
  private final Deadline deadline;
  private final int numbersPerPass;

  /**
   * @param matching empty for all documents
   */
  Facets(IndexReader reader, Optional<FixedBitSet> matching, Deadline deadline) {
    this(reader, matching, deadline, NUMBERS_PER_PASS);
  }

  Facets(
      IndexReader reader, Optional<FixedBitSet> matching, Deadline deadline, int numbersPerPass) {
    this.reader = reader;
    this.numbersPerPass = numbersPerPass;
    this.matching = matching;
    this.deadline = deadline;
  }

  List<FacetValue> top(FieldName field, int size) throws IOException {
    return switch (field.type()) {
      case LONG -> numbers(field.field().name(), size);
      case KEYWORD, IP, FLATTENED -> terms(field, size);
      default ->
          throw new IllegalArgumentException(
              field.text()
                  + " has no values to count: facets are for keywords, numbers and addresses");
    };
  }

  /** By falling count, then by value. */
  private static final class Best<V extends Comparable<V>> {
    private final int size;
    private final Comparator<Counted<V>> bestFirst;
    private final PriorityQueue<Counted<V>> worstFirst;

    Best(int size) {
      this.size = size;
      this.bestFirst =
          Comparator.<Counted<V>>comparingLong(Counted::count)
              .reversed()
              .thenComparing(Counted::value);
      this.worstFirst = new PriorityQueue<>(bestFirst.reversed());
    }

    boolean wants(long count) {
      return count > 0 && (worstFirst.size() < size || count >= worstFirst.peek().count());
    }

    void offer(V value, long count) {
      worstFirst.add(new Counted<>(value, count));
      if (worstFirst.size() > size) {
        worstFirst.poll();
      }
    }

    List<Counted<V>> inOrder() {
      List<Counted<V>> all = new ArrayList<>(worstFirst);
      all.sort(bestFirst);
      return all;
    }
  }

  private record Counted<V>(V value, long count) {}

  private List<FacetValue> terms(FieldName field, int size) throws IOException {
    byte[] prefix = Terms.prefix(field);
    Best<BytesRef> best = new Best<>(size);
    Occurrences occurrences = new Occurrences();
    eachTerm(
        prefix,
        terms -> {
          long count = occurrences.of(terms);
          if (best.wants(count)) {
            best.offer(BytesRef.deepCopyOf(terms.term()), count);
          }
        });
    return best.inOrder().stream()
        .map(
            counted ->
                new FacetValue(
                    Terms.valueOf(field, counted.value(), prefix.length), counted.count()))
        .toList();
  }

  /** What is done with each term. */
  interface TermVisitor {
    void visit(TermsEnum terms) throws IOException;
  }

  /** Visits the terms that begin so, in order. */
  void eachTerm(byte[] prefix, TermVisitor visitor) throws IOException {
    org.apache.lucene.index.Terms all = MultiTerms.getTerms(reader, IndexFields.TERMS);
    if (all == null) {
      return;
    }
    BytesRef start = new BytesRef(prefix);
    TermsEnum terms = all.iterator();
    if (terms.seekCeil(start) == TermsEnum.SeekStatus.END) {
      return;
    }
    for (BytesRef term = terms.term();
        term != null && StringHelper.startsWith(term, start);
        term = terms.next()) {
      deadline.step();
      visitor.visit(terms);
    }
  }

  /** Counts a term's documents among the matching ones. */
  private final class Occurrences {
    private PostingsEnum documents;

    long of(TermsEnum terms) throws IOException {
      if (matching.isEmpty()) {
        return terms.docFreq();
      }
      FixedBitSet wanted = matching.get();
      documents = terms.postings(documents, PostingsEnum.NONE);
      long count = 0;
      for (int document = documents.nextDoc();
          document != DocIdSetIterator.NO_MORE_DOCS;
          document = documents.nextDoc()) {
        if (wanted.get(document)) {
          count++;
        }
      }
      return count;
    }
  }

  private List<FacetValue> numbers(String field, int size) throws IOException {
    long documents = matching.map(bits -> (long) bits.cardinality()).orElse((long) reader.maxDoc());
    int passes = (int) (documents / numbersPerPass) + 1;
    Best<Long> best = new Best<>(size);
    for (int pass = 0; pass < passes; pass++) {
      countNumbers(field, pass, passes)
          .forEach(
              (value, count) -> {
                if (best.wants(count[0])) {
                  best.offer(value, count[0]);
                }
              });
    }
    return best.inOrder().stream()
        .map(counted -> new FacetValue(counted.value().toString(), counted.count()))
        .toList();
  }

  private Map<Long, long[]> countNumbers(String field, int pass, int passes) throws IOException {
    Map<Long, long[]> counts = new HashMap<>();
    SortedNumericDocValues values = MultiDocValues.getSortedNumericValues(reader, field);
    if (values == null) {
      return counts;
    }
    while (values.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      deadline.step();
      if (matching.isPresent() && !matching.get().get(values.docID())) {
        continue;
      }
      long last = 0;
      for (int i = 0; i < values.docValueCount(); i++) {
        long value = values.nextValue();
        boolean again = i > 0 && value == last; // a document counts once
        if (!again && Math.floorMod(Long.hashCode(value), passes) == pass) {
          counts.computeIfAbsent(value, ignored -> new long[1])[0]++;
        }
        last = value;
      }
    }
    return counts;
  }
}
