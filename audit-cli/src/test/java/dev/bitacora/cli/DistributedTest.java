package dev.bitacora.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Around each test a real collector between a real Kafka and a real Elasticsearch. */
abstract class DistributedTest {
  static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;

  final Instant begin = Instant.now();
  DistributedService service;

  @BeforeEach
  void start() throws Exception {
    service = new DistributedService(folder);
    service.start();
  }

  @AfterEach
  void stop() throws Exception {
    service.stop();
  }
}
