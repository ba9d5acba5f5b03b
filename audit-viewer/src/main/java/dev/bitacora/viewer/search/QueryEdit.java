package dev.bitacora.viewer.search;

import dev.bitacora.core.event.EventSchema;
import dev.bitacora.core.query.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Changes a query by clicks: what stands at its top, joined by "and", can be added and taken away.
 * The result is text as a person would type it, short names where there are some.
 */
public final class QueryEdit {
  private final List<Query> clauses;

  private QueryEdit(List<Query> clauses) {
    this.clauses = List.copyOf(clauses);
  }

  public static QueryEdit of(Query query) {
    List<Query> clauses = new ArrayList<>();
    collect(query, clauses);
    return new QueryEdit(clauses);
  }

  private static void collect(Query query, List<Query> clauses) {
    if (query instanceof Query.And and) {
      and.clauses().forEach(clause -> collect(clause, clauses));
    } else if (!(query instanceof Query.All) && !clauses.contains(query)) {
      clauses.add(query);
    }
  }

  /** What all must hold. */
  public List<Query> clauses() {
    return clauses;
  }

  /** Only what also holds this; a clause that said the opposite goes. */
  public QueryEdit with(Query clause) {
    List<Query> changed = new ArrayList<>(clauses);
    changed.remove(opposite(clause));
    if (!changed.contains(clause)) {
      changed.add(clause);
    }
    return new QueryEdit(changed);
  }

  public QueryEdit without(Query clause) {
    List<Query> changed = new ArrayList<>(clauses);
    changed.remove(clause);
    return new QueryEdit(changed);
  }

  private static Query opposite(Query clause) {
    return clause instanceof Query.Not not ? not.clause() : new Query.Not(clause);
  }

  /** The query's text; parsing it gives the query. */
  public String text() {
    List<String> texts = new ArrayList<>();
    for (Query clause : clauses) {
      boolean needsGroup = clause instanceof Query.Or && clauses.size() > 1;
      texts.add(needsGroup ? "(" + clause + ")" : text(clause));
    }
    return String.join(" and ", texts);
  }

  /** One clause, with the short name of its field. */
  public static String text(Query clause) {
    if (clause instanceof Query.Not not
        && !(not.clause() instanceof Query.Or)
        && !(not.clause() instanceof Query.And)) {
      return "not " + text(not.clause());
    }
    String full = clause.toString();
    for (Map.Entry<String, String> alias : EventSchema.ALIASES.entrySet()) {
      String field = alias.getValue();
      if (full.startsWith(field + ":") || full.startsWith(field + " ")) {
        return alias.getKey() + full.substring(field.length());
      }
    }
    return full;
  }
}
