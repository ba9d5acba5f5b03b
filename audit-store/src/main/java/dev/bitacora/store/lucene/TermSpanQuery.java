package dev.bitacora.store.lucene;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.index.FilteredTermsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.AttributeSource;
import org.apache.lucene.util.BytesRef;

/**
 * Documents with a term in a span of the order of terms. Lucene's own range and prefix queries
 * build an automaton, which fails for long terms.
 */
final class TermSpanQuery extends MultiTermQuery {
  private final BytesRef from;
  private final BytesRef to;

  /**
   * @param from inclusive
   * @param to exclusive
   */
  TermSpanQuery(String field, BytesRef from, BytesRef to) {
    super(field, CONSTANT_SCORE_BLENDED_REWRITE);
    this.from = from;
    this.to = to;
  }

  @Override
  protected TermsEnum getTermsEnum(org.apache.lucene.index.Terms terms, AttributeSource attributes)
      throws IOException {
    return from.compareTo(to) >= 0 ? TermsEnum.EMPTY : new Span(terms.iterator());
  }

  private final class Span extends FilteredTermsEnum {
    Span(TermsEnum all) {
      super(all);
      setInitialSeekTerm(from);
    }

    @Override
    protected AcceptStatus accept(BytesRef term) {
      return term.compareTo(to) < 0 ? AcceptStatus.YES : AcceptStatus.END;
    }
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "span";
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && from.equals(((TermSpanQuery) other).from)
        && to.equals(((TermSpanQuery) other).to);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), from, to);
  }
}
