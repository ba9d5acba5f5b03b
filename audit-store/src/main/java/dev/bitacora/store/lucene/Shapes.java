package dev.bitacora.store.lucene;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.event.Field;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.util.BytesRef;

/**
 * The term that names the fields a document has. Events of one kind share it, so that "the field
 * exists" is a look at a few terms and costs one term per document instead of one per field. Not
 * thread-safe.
 */
final class Shapes {
  private static final int REMEMBERED = 256;
  private static final String[] NAMES =
      EventSchema.fields().stream().map(Field::name).toArray(String[]::new);

  private final Map<BitSet, BytesRef> terms = new HashMap<>();

  BytesRef termOf(BitSet fields) {
    BytesRef term = terms.get(fields);
    if (term == null) {
      if (terms.size() >= REMEMBERED) {
        terms.clear();
      }
      term = make(fields);
      terms.put((BitSet) fields.clone(), term);
    }
    return term;
  }

  private static BytesRef make(BitSet fields) {
    StringBuilder names = new StringBuilder("\0");
    fields.stream().forEach(number -> names.append(NAMES[number]).append('\0'));
    return new BytesRef(names);
  }
}
