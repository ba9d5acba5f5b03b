package dev.bitacora.collector.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads a request's body, decompressed, within limits that count decompressed bytes. */
final class RequestBody {
  private static final int CHUNK = 64 << 10;

  private RequestBody() {}

  static byte[] read(Context ctx, Backlog.Share share, int maxBytes) throws Problem, IOException {
    try (InputStream in = decoded(ctx)) {
      ByteArrayOutputStream body = new ByteArrayOutputStream(CHUNK);
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (body.size() + n > maxBytes) {
          throw new Problem(
              413,
              "Body too large",
              "a body may have " + maxBytes + " bytes; send smaller batches");
        }
        if (!share.take(n)) {
          throw new Problem(429, "Intake is behind", "send the same again later");
        }
        body.write(chunk, 0, n);
      }
      return body.toByteArray();
    } catch (ZipException | java.io.EOFException e) {
      throw new Problem(400, "Malformed gzip", "the body is not what Content-Encoding says");
    }
  }

  private static InputStream decoded(Context ctx) throws Problem, IOException {
    InputStream in = ctx.req().getInputStream();
    String encoding =
        Optional.ofNullable(ctx.header("Content-Encoding"))
            .map(name -> name.trim().toLowerCase(Locale.ROOT))
            .orElse("identity");
    return switch (encoding) {
      case "identity" -> in;
      case "gzip" -> new GZIPInputStream(in, CHUNK);
      default ->
          throw new Problem(415, "Unknown Content-Encoding", "expected gzip or no encoding at all");
    };
  }
}
