package dev.bitacora.store.lucene;

import dev.bitacora.store.NewEvent;
import dev.bitacora.store.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Lucene alone, with the documents of the embedded store and nothing of its care: no look whether
 * an event is there, no positions, no commit before the end. Safe for any thread.
 */
public final class RawIndex implements AutoCloseable {
  private static final double BUFFER_MB = 64;

  private final Directory directory;
  private final IndexWriter writer;

  /** A new, empty index. */
  public RawIndex(Path folder) throws IOException {
    directory = FSDirectory.open(folder);
    writer =
        new IndexWriter(
            directory,
            new IndexWriterConfig(IndexFields.WORDS)
                .setCodec(new Lucene912Codec(Lucene912Codec.Mode.BEST_SPEED))
                .setRAMBufferSizeMB(BUFFER_MB));
  }

  /** Adds events; durable after {@link #commit}. */
  public void add(List<NewEvent> events) throws IOException {
    EventDocument document = new EventDocument();
    for (NewEvent event : events) {
      document.fill(event, event.placement(Retention.DEFAULT));
      writer.addDocument(document);
    }
  }

  public void commit() throws IOException {
    writer.commit();
  }

  @Override
  public void close() throws IOException {
    writer.close();
    directory.close();
  }
}
