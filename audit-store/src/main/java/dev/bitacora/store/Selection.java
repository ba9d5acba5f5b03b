package dev.bitacora.store;

import dev.bitacora.core.query.Query;

/**
 * Which events.
 *
 * @param query what somebody looks for
 * @param scope what they may see at all; and-ed
 */
public record Selection(Query query, Query scope, TimeRange range) {
  /** Everything. */
  public static final Selection ALL = new Selection(Query.ALL, Query.ALL, TimeRange.ALL);

  public static Selection of(Query query) {
    return new Selection(query, Query.ALL, TimeRange.ALL);
  }

  /** The query within the scope. */
  public Query effectiveQuery() {
    return Query.and(scope, query);
  }
}
