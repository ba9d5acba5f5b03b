package dev.bitacora.store.lucene;

import dev.bitacora.core.event.Field;
import java.util.Arrays;
import org.apache.lucene.index.FilteredTermsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.AttributeSource;
import org.apache.lucene.util.BytesRef;

/** Documents that have a field: those whose shape names it ({@link Shapes}). */
final class ShapeQuery extends MultiTermQuery {
  private final byte[] name;

  ShapeQuery(Field field) {
    super(IndexFields.TERMS, CONSTANT_SCORE_BLENDED_REWRITE);
    name = Terms.utf8("\0" + field.name() + "\0");
  }

  @Override
  protected TermsEnum getTermsEnum(org.apache.lucene.index.Terms terms, AttributeSource atts)
      throws java.io.IOException {
    return new FilteredTermsEnum(terms.iterator()) {
      {
        setInitialSeekTerm(new BytesRef(Terms.SHAPE));
      }

      @Override
      protected AcceptStatus accept(BytesRef term) {
        if (term.length == 0 || term.bytes[term.offset] != 0) {
          return AcceptStatus.END;
        }
        return contains(term) ? AcceptStatus.YES : AcceptStatus.NO;
      }
    };
  }

  private boolean contains(BytesRef term) {
    int end = term.offset + term.length;
    for (int at = term.offset; at + name.length <= end; at++) {
      if (Arrays.equals(term.bytes, at, at + name.length, name, 0, name.length)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return "exists";
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && Arrays.equals(name, ((ShapeQuery) other).name);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Arrays.hashCode(name);
  }
}
