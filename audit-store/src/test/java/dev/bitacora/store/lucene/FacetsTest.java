package dev.bitacora.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.core.event.FieldName;
import dev.bitacora.store.FacetValue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.document.SortedNumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.Test;

class FacetsTest {
  private static final Deadline FAR = new Deadline(Duration.ofMinutes(1));

  @Test
  void numbers_countedInManyPasses_areTheSame() throws IOException {
    try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
        for (int i = 0; i < 100; i++) {
          long value = i % 40 - 20L;
          writer.addDocument(List.of(new SortedNumericDocValuesField("event.duration", value)));
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (int numbersPerPass : List.of(1, 7, 1000)) {
          Facets facets = new Facets(reader, Optional.empty(), FAR, numbersPerPass);
          assertThat(facets.top(FieldName.of("event.duration"), 3))
              .containsExactly(
                  new FacetValue("-20", 3), new FacetValue("-19", 3), new FacetValue("-18", 3));
          assertThat(facets.top(FieldName.of("event.duration"), 1000)).hasSize(40);
        }
      }
    }
  }

  @Test
  void fieldsWithoutCountableValues_areRefused() throws IOException {
    try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
        writer.commit();
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        Facets facets = new Facets(reader, Optional.empty(), FAR);
        for (String field : List.of("message", "@timestamp")) {
          assertThatThrownBy(() -> facets.top(FieldName.of(field), 3))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(field);
        }
      }
    }
  }
}
