package dev.bitacora.store.lucene;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/** The fields of a Lucene document that are not called like the event's. */
final class IndexFields {
  /** All terms that are compared whole: {@link Terms}. */
  static final String TERMS = "_terms";

  /** Stream, sequence and hash: what orders events of the same time. */
  static final String KEY = "_key";

  /** What is given back: {@link StoredForm}. */
  static final String STORED = "_stored";

  static final String TIME = "@timestamp";

  /** Words as Elasticsearch's standard analyzer makes them, and its distance between values. */
  static final Analyzer WORDS =
      new Analyzer() {
        private static final int GAP = 100;

        @Override
        protected TokenStreamComponents createComponents(String field) {
          Tokenizer words = new StandardTokenizer();
          return new TokenStreamComponents(words, new LowerCaseFilter(words));
        }

        @Override
        public int getPositionIncrementGap(String field) {
          return GAP;
        }
      };

  private IndexFields() {}
}
