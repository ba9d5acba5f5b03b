package dev.bitacora.collector.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AppendTimesTest {
  @Test
  void everyOffset_hasTheTimeWithWhichItWasAdded() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      AppendTimes times = new AppendTimes();
      List<Long> expected = new ArrayList<>();
      long time = 1_000;
      int asked = 0;
      for (int offset = 0; offset < 500; offset++) {
        time += random.nextInt(3) == 0 ? random.nextInt(50) : 0;
        times.add(offset, time);
        expected.add(time);
        if (random.nextInt(10) == 0) {
          asked += random.nextInt(offset - asked + 1);
          assertThat(times.at(asked)).as("seed %d", seed).isEqualTo(expected.get(asked));
        }
      }
    }
  }

  @Test
  void anOffsetAfterAHole_hasItsOwnTime() {
    AppendTimes times = new AppendTimes();
    times.add(5, 100);
    times.add(90, 200);
    assertThat(times.at(5)).isEqualTo(100);
    assertThat(times.at(90)).isEqualTo(200);
  }
}
