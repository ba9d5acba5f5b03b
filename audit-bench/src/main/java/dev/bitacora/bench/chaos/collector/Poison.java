package dev.bitacora.bench.chaos.collector;

import dev.bitacora.core.wire.KafkaHeaders;
import dev.bitacora.core.wire.RecordKind;
import dev.bitacora.core.wire.WireRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Every way in which a record can be no event. */
enum Poison {
  NO_VALUE {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      ProducerRecord<byte[], byte[]> sound = sound(stream, time);
      return new ProducerRecord<>(sound.topic(), null, null, sound.key(), null, sound.headers());
    }
  },
  HEADER_MISSING {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return header(sound(stream, time), KafkaHeaders.KIND);
    }
  },
  HEADER_TWICE {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      ProducerRecord<byte[], byte[]> record = sound(stream, time);
      Headers unused = record.headers().add(KafkaHeaders.KIND, new byte[] {1});
      return record;
    }
  },
  HEADER_TOO_SHORT {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return header(sound(stream, time), KafkaHeaders.POSITION, new byte[3]);
    }
  },
  UNKNOWN_KIND {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return header(sound(stream, time), KafkaHeaders.KIND, new byte[] {9});
    }
  },
  UNKNOWN_WIRE_VERSION {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return header(sound(stream, time), KafkaHeaders.VERSION, new byte[] {2});
    }
  },
  OTHER_KIND_THAN_ITS_EVENT {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return header(sound(stream, time), KafkaHeaders.KIND, new byte[] {RecordKind.CONTROL.code()});
    }
  },
  NO_JSON {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return LoadStream.producerRecord(stream.next("not json"));
    }
  },
  DUPLICATE_KEYS {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return LoadStream.producerRecord(stream.next("{\"a\":1,\"a\":2}"));
    }
  },
  TOO_DEEP {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return LoadStream.producerRecord(stream.next("{\"a\":".repeat(101) + 1 + "}".repeat(101)));
    }
  },
  TOO_LARGE {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return LoadStream.producerRecord(
          stream.next("{\"message\":\"" + "x".repeat(1_200_000) + "\"}"));
    }
  },
  NO_EVENT {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      return LoadStream.producerRecord(stream.next("{\"message\":\"m\"}"));
    }
  },
  UNKNOWN_SCHEMA_VERSION {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      String event =
          new String(stream.event(time, false, "").bytes(), StandardCharsets.UTF_8)
              .replace("\"version\":\"1.0\"", "\"version\":\"2.0\"");
      return LoadStream.producerRecord(stream.next(event));
    }
  },
  /** Key and value in one term of more than 32,766 bytes; Elasticsearch answers 400. */
  REFUSED_BY_THE_STORE {
    @Override
    ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time) {
      String key = "k".repeat(1000);
      Map<String, Object> nested = Map.of(key, "value");
      for (int i = 0; i < 34; i++) {
        nested = Map.of(key, nested);
      }
      return LoadStream.producerRecord(stream.next(stream.notIndexable(time, nested).bytes()));
    }
  };

  /** The stream's next record, poisoned. */
  abstract ProducerRecord<byte[], byte[]> record(LoadStream stream, Instant time);

  private static ProducerRecord<byte[], byte[]> sound(LoadStream stream, Instant time) {
    WireRecord record = stream.next(time, false);
    return LoadStream.producerRecord(record);
  }

  private static ProducerRecord<byte[], byte[]> header(
      ProducerRecord<byte[], byte[]> record, String name, byte[]... values) {
    Headers headers = record.headers().remove(name);
    for (byte[] value : values) {
      headers.add(name, value);
    }
    return record;
  }
}
