package dev.bitacora.viewer.search;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.store.FacetValue;
import dev.bitacora.store.HistogramBucket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A page of events with the facets and the histogram of the whole search. */
public record Overview(
    Found found,
    Map<FieldName, List<FacetValue>> facets,
    List<HistogramBucket> histogram,
    Duration interval) {}
