package dev.bitacora.viewer.web;

import dev.bitacora.core.chain.ChainLink;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Style, script and icon, from memory. Their address has their hash, so browsers may keep them. */
final class Assets {
  private static final Map<String, String> TYPES =
      Map.of(
          "bitacora.css", "text/css; charset=utf-8",
          "bitacora.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final String version;

  Assets() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    TYPES.keySet().stream()
        .sorted()
        .forEach(
            name -> {
              byte[] file = read(name);
              files.put(name, file);
              all.writeBytes(file);
            });
    version = HexFormat.of().formatHex(ChainLink.hash(all.toByteArray()), 0, 6);
  }

  private static byte[] read(String name) {
    try (InputStream file = Assets.class.getResourceAsStream("assets/" + name)) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name + " from the jar", e);
    }
  }

  String version() {
    return version;
  }

  void serve(Context ctx) {
    String name = ctx.pathParam("name");
    byte[] file = files.get(name);
    if (file == null) {
      throw Refusal.notFound("There is nothing at this address.");
    }
    if (ctx.pathParam("version").equals(version)) {
      ctx.header("Cache-Control", "public, max-age=31536000, immutable");
    }
    ctx.contentType(TYPES.get(name)).result(file);
  }
}
