package dev.bitacora.store.lucene;

import dev.bitacora.core.event.EventTime;
import dev.bitacora.core.event.FieldName;
import dev.bitacora.store.HistogramBucket;
import dev.bitacora.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.FixedBitSet;

/** Counts matching documents per interval and outcome. */
final class Histogram {
  private static final int MAX_BUCKETS = 65_536;
  private static final FieldName OUTCOME = FieldName.of("event.outcome");

  private final IndexReader reader;
  private final Optional<FixedBitSet> matching;
  private final Deadline deadline;
  private final long interval;
  private final TreeMap<Long, Map<String, Long>> buckets = new TreeMap<>();

  Histogram(
      IndexReader reader, Optional<FixedBitSet> matching, Deadline deadline, Duration interval) {
    this.reader = reader;
    this.matching = matching;
    this.deadline = deadline;
    this.interval = interval.toNanos();
  }

  List<HistogramBucket> buckets() throws IOException {
    byte[] prefix = Terms.prefix(OUTCOME);
    new Facets(reader, matching, deadline)
        .eachTerm(
            prefix, terms -> count(terms, Terms.valueOf(OUTCOME, terms.term(), prefix.length)));
    return buckets.entrySet().stream()
        .map(
            bucket ->
                new HistogramBucket(
                    EventTime.ofNanos(bucket.getKey() * interval), bucket.getValue()))
        .toList();
  }

  private void count(TermsEnum terms, String outcome) throws IOException {
    Map<Long, long[]> counts = new HashMap<>();
    NumericDocValues times = MultiDocValues.getNumericValues(reader, IndexFields.TIME);
    PostingsEnum documents = terms.postings(null, PostingsEnum.NONE);
    long last = -1;
    long[] count = new long[1];
    while (documents.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      deadline.step();
      if (isWanted(documents.docID()) && times.advanceExact(documents.docID())) {
        long bucket = times.longValue() / interval;
        if (bucket != last) {
          count = counts.computeIfAbsent(bucket, ignored -> new long[1]);
          last = bucket;
          requireFew(counts.size());
        }
        count[0]++;
      }
    }
    counts.forEach(
        (bucket, found) ->
            buckets.computeIfAbsent(bucket, ignored -> new HashMap<>()).put(outcome, found[0]));
  }

  private boolean isWanted(int document) {
    return matching.isEmpty() || matching.get().get(document);
  }

  private static void requireFew(int found) {
    if (found > MAX_BUCKETS) {
      throw new StoreException(
          "histogram: more than " + MAX_BUCKETS + " intervals hold events; choose a longer one");
    }
  }
}
