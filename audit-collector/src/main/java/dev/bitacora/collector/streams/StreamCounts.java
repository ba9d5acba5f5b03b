package dev.bitacora.collector.streams;

/**
 * The streams of our logs at one moment.
 *
 * @param live streams of which more is expected
 * @param silent of those, the ones that say nothing
 * @param openGaps ranges that are missing now
 * @param gaps ranges that were found missing since this process started
 * @param uncleanEnds streams whose end a successor called unclean, since this process started
 */
public record StreamCounts(int live, int silent, int openGaps, long gaps, long uncleanEnds) {
  /** None at all. */
  public static final StreamCounts NONE = new StreamCounts(0, 0, 0, 0, 0);
}
