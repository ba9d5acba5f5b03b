package dev.bitacora.store.state;

import dev.bitacora.core.chain.ChainLink;
import dev.bitacora.core.json.JsonTree;
import dev.bitacora.core.json.JsonWriter;
import dev.bitacora.core.json.MalformedJsonException;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.StateStore.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One value in one file, JSON:
 *
 * <pre>
 * {"format": 1, "key": "alice", "version": 7, "value": "{…}"}
 * </pre>
 *
 * The file's name is SHA-256 of the key, so that any key is a safe name, also where case does not
 * count.
 */
final class StateFile {
  private static final long FORMAT = 1;
  private static final String SUFFIX = ".json";
  private static final String UNFINISHED = ".tmp";

  private StateFile() {}

  static String nameFor(String key) {
    byte[] hash = ChainLink.hash(key.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash) + SUFFIX;
  }

  static boolean isUnfinished(Path file) {
    return file.toString().endsWith(UNFINISHED);
  }

  static Entry read(Path file) throws IOException {
    try {
      Map<String, Object> fields = JsonTree.readObject(Files.readAllBytes(file));
      if (fields.get("format") instanceof Long format && format > FORMAT) {
        throw new StoreException(
            "state: "
                + file
                + " was written by a newer version of this program (format "
                + format
                + ", this one knows "
                + FORMAT
                + "); run that version");
      }
      if (fields.get("key") instanceof String key
          && fields.get("version") instanceof Long version
          && fields.get("value") instanceof String value) {
        return new Entry(key, value, version);
      }
    } catch (MalformedJsonException e) {
      throw damaged(file, e);
    }
    throw damaged(file, null);
  }

  private static StoreException damaged(Path file, MalformedJsonException cause) {
    return new StoreException(
        "state: " + file + " is damaged; restore it from a backup, or remove it and lose its entry",
        cause);
  }

  /** Replaces the file: data, forced; then the name, forced. */
  static void write(Path file, Entry entry) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", FORMAT);
    fields.put("key", entry.key());
    fields.put("version", entry.version());
    fields.put("value", entry.value());
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.deleteIfExists(unfinished);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly(file, "rw-------"))) {
      ByteBuffer bytes = ByteBuffer.wrap(JsonWriter.toBytes(fields));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(file.getParent());
  }

  static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    forceDirectory(file.getParent());
  }

  static void createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
