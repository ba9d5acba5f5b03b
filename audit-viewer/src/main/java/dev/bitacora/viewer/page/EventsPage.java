package dev.bitacora.viewer.page;

import dev.bitacora.core.query.Query;
import dev.bitacora.store.SearchRequest.Order;
import dev.bitacora.viewer.search.BadParameterException;
import dev.bitacora.viewer.search.FacetParameters;
import dev.bitacora.viewer.search.Found;
import dev.bitacora.viewer.search.Overview;
import dev.bitacora.viewer.search.QueryEdit;
import dev.bitacora.viewer.search.SearchParameters;
import dev.bitacora.viewer.search.Span;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The search: the question, the answer in rows, and how complete it is.
 *
 * @param answer empty when the question could not be understood
 */
public record EventsPage(Frame frame, SearchForm form, Optional<Answer> answer) {
  /** What the page searches when nobody said anything: the agents' own records stay out. */
  public static final String DEFAULT_QUERY = "not event.dataset:control";

  /** As long as events are kept, unless configured otherwise. */
  private static final String EVERYTHING = "now-400d";

  private static final Map<String, String> PRESETS = new LinkedHashMap<>();

  static {
    PRESETS.put("now-15m", "15 min");
    PRESETS.put("now-1h", "1 h");
    PRESETS.put("now-4h", "4 h");
    PRESETS.put("now-24h", "24 h");
    PRESETS.put("now-7d", "7 d");
    PRESETS.put("now-30d", "30 d");
    PRESETS.put(EVERYTHING, "all");
  }

  /**
   * What was found.
   *
   * @param range the time searched, in full
   * @param chips the query's parts, each with a link that takes it away
   * @param widen what might find something, when nothing was found
   */
  public record Answer(
      List<Row> rows,
      String total,
      String unit,
      String took,
      String range,
      boolean isPaging,
      List<String> gaps,
      Chart chart,
      List<Facet> facets,
      List<Link> chips,
      Optional<String> next,
      String first,
      String otherOrder,
      boolean isNewestFirst,
      List<Link> widen) {}

  /** The page of an answer. */
  public static EventsPage of(Frame frame, SearchParameters asked, Overview overview) {
    return new EventsPage(
        frame,
        form(frame.links(), asked, Optional.empty()),
        Optional.of(new Asking(frame.links(), asked).answer(overview)));
  }

  /** The page of a question that was not understood. */
  public static EventsPage of(
      Frame frame, Map<String, String> given, BadParameterException problem) {
    String parameter = problem.parameter();
    SearchForm.Mistake mistake =
        SearchForm.Mistake.of(
            parameter,
            problem.getMessage(),
            given.getOrDefault(parameter, ""),
            problem.column().orElse(0));
    String query = given.getOrDefault("q", DEFAULT_QUERY);
    SearchForm form =
        new SearchForm(
            query,
            given.getOrDefault("from", ""),
            given.getOrDefault("to", ""),
            given.getOrDefault("tz", ""),
            given.getOrDefault("sort", ""),
            given.getOrDefault("size", ""),
            "UTC",
            Optional.of(mistake),
            presets(frame.links(), Map.of("q", query), ""));
    return new EventsPage(frame, form, Optional.empty());
  }

  private static SearchForm form(
      Links links, SearchParameters asked, Optional<SearchForm.Mistake> problem) {
    Span span = asked.span();
    boolean isRelative = span.fromText().startsWith("now") && !asked.isPaging();
    Map<String, String> others = new Asking(links, asked).parameters(asked.queryText());
    others.remove("from");
    others.remove("to");
    return new SearchForm(
        asked.queryText(),
        asked.isPaging() ? Clockface.iso(span.from()) : span.fromText(),
        asked.isPaging() ? Clockface.iso(span.to()) : span.toText(),
        asked.zone().equals(ZoneOffset.UTC) ? "" : asked.zone().getId(),
        asked.order() == Order.OLDEST_FIRST ? "oldest" : "",
        asked.size() == SearchParameters.DEFAULT_SIZE ? "" : String.valueOf(asked.size()),
        new Clockface(asked.zone()).zoneName(),
        problem,
        presets(links, others, isRelative && span.toText().isEmpty() ? span.fromText() : ""));
  }

  private static List<SearchForm.Preset> presets(
      Links links, Map<String, String> others, String current) {
    List<SearchForm.Preset> presets = new ArrayList<>();
    PRESETS.forEach(
        (from, name) -> {
          Map<String, String> parameters = new LinkedHashMap<>(others);
          parameters.put("from", from);
          presets.add(
              new SearchForm.Preset(
                  name, from, links.to("/events", parameters), from.equals(current)));
        });
    return presets;
  }

  /** A question and the addresses of its neighbours. */
  private record Asking(Links links, SearchParameters asked) {

    Answer answer(Overview overview) {
      Found found = overview.found();
      Clockface clock = new Clockface(asked.zone());
      QueryEdit edit = QueryEdit.of(asked.query());
      List<Facet> facets =
          FacetParameters.DEFAULT_FIELDS.stream()
              .map(
                  field ->
                      Facet.of(
                          field,
                          overview.facets().getOrDefault(field, List.of()),
                          edit,
                          this::search))
              .toList();
      return new Answer(
          found.events().stream().map(event -> Row.of(event, clock, links, "")).toList(),
          Numbers.grouped(found.total()),
          found.total() == 1 ? "event" : "events",
          Clockface.length(found.took()),
          range(clock),
          asked.isPaging(),
          found.completeness().gaps(),
          Chart.of(overview, asked.span(), clock, this::zoom),
          facets,
          chips(edit),
          found.next().map(this::page),
          search(asked.queryText()),
          otherOrder(),
          asked.order() == Order.NEWEST_FIRST,
          found.total() == 0 ? widen(edit) : List.of());
    }

    private String range(Clockface clock) {
      Span span = asked.span();
      String end = span.toText().isEmpty() && !asked.isPaging() ? "now" : clock.second(span.to());
      return clock.second(span.from()) + " – " + end + " " + clock.zoneName();
    }

    Map<String, String> parameters(String query) {
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("q", query);
      Span span = asked.span();
      if (asked.isPaging()) {
        parameters.put("from", Clockface.iso(span.from()));
        parameters.put("to", Clockface.iso(span.to()));
      } else {
        put(parameters, "from", span.fromText(), Span.DEFAULT_FROM);
        put(parameters, "to", span.toText(), "");
      }
      put(parameters, "tz", asked.zone().equals(ZoneOffset.UTC) ? "" : asked.zone().getId(), "");
      put(parameters, "sort", asked.order() == Order.OLDEST_FIRST ? "oldest" : "", "");
      put(
          parameters,
          "size",
          String.valueOf(asked.size()),
          String.valueOf(SearchParameters.DEFAULT_SIZE));
      return parameters;
    }

    private static void put(
        Map<String, String> parameters, String name, String value, String otherwise) {
      if (!value.equals(otherwise)) {
        parameters.put(name, value);
      }
    }

    private String search(String query) {
      return links.to("/events", parameters(query));
    }

    private String zoom(Instant from, Instant to) {
      Map<String, String> parameters = parameters(asked.queryText());
      parameters.put("from", Clockface.iso(from));
      parameters.put("to", Clockface.iso(to));
      return links.to("/events", parameters);
    }

    private String page(String after) {
      Map<String, String> parameters = parameters(asked.queryText());
      parameters.put("after", after);
      return links.to("/events", parameters);
    }

    private String otherOrder() {
      Map<String, String> parameters = parameters(asked.queryText());
      if (asked.order() == Order.OLDEST_FIRST) {
        parameters.remove("sort");
      } else {
        parameters.put("sort", "oldest");
      }
      return links.to("/events", parameters);
    }

    private List<Link> chips(QueryEdit edit) {
      if (edit.clauses().size() < 2) {
        return List.of();
      }
      List<Link> chips = new ArrayList<>();
      for (Query clause : edit.clauses()) {
        chips.add(Link.to(QueryEdit.text(clause), search(edit.without(clause).text())));
      }
      return chips;
    }

    private List<Link> widen(QueryEdit edit) {
      List<Link> wider = new ArrayList<>();
      PRESETS.forEach(
          (from, name) -> {
            if (asked.span().begin(from).isBefore(asked.span().from())) {
              Map<String, String> parameters = parameters(asked.queryText());
              parameters.put("from", from);
              parameters.remove("to");
              String text = from.equals(EVERYTHING) ? "all the time" : "the last " + name;
              wider.add(Link.to(text, links.to("/events", parameters)));
            }
          });
      for (Query clause : edit.clauses()) {
        wider.add(
            Link.to("without " + QueryEdit.text(clause), search(edit.without(clause).text())));
      }
      return wider;
    }
  }
}
