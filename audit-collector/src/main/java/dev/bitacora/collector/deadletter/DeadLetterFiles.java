package dev.bitacora.collector.deadletter;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead letters in files of a folder, for the embedded service, which holds the folder's only
 * writer.
 *
 * <pre>
 * &lt;folder&gt;/00000001.dlq, 00000002.dlq …      a new file above 64 MiB; the highest is written to
 *   0 "BTDLQ" ‖ 0 ‖ 0 ‖ u8 format version 1
 *   8 frames, see DeadLetterFrame: u32 length ‖ u32 CRC-32C ‖ body
 * </pre>
 *
 * {@link #add} returns after the bytes are forced to disk. A power cut can leave a torn frame at
 * the end of the last file only, which was never confirmed: the next start moves it to a file
 * beside, {@code 00000001.dlq.cut-<byte>}, and goes on. Damage in an earlier file is an error that
 * says where.
 */
public final class DeadLetterFiles implements DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFiles.class);
  private static final byte[] MAGIC = {'B', 'T', 'D', 'L', 'Q', 0, 0, 1};
  private static final long MAX_FILE_BYTES = 64L << 20;
  private static final String SUFFIX = ".dlq";

  private final Path folder;
  private RandomAccessFile current;
  private long number;

  public DeadLetterFiles(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized void start() throws DeadLettersUnavailableException {
    try {
      Files.createDirectories(folder);
      List<Path> files = files();
      if (files.isEmpty()) {
        create(1);
      } else {
        reopen(files.get(files.size() - 1));
      }
    } catch (IOException e) {
      throw unavailable("open", e);
    }
  }

  @Override
  public synchronized void add(List<DeadLetter> letters) throws DeadLettersUnavailableException {
    if (current == null) {
      throw unavailable("write", new IOException("not open"));
    }
    try {
      if (current.length() > MAX_FILE_BYTES) {
        create(number + 1);
      }
      append(letters);
    } catch (IOException e) {
      throw unavailable("write", e);
    }
  }

  private void append(List<DeadLetter> letters) throws IOException {
    long end = current.length();
    try {
      current.seek(end);
      for (DeadLetter letter : letters) {
        current.write(DeadLetterFrame.write(letter));
      }
      current.getFD().sync();
    } catch (IOException e) {
      cutBack(end, e);
      throw e;
    }
  }

  /** Half a frame must not stand before the next one. */
  private void cutBack(long end, IOException failure) {
    try {
      current.setLength(end);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public synchronized List<DeadLetter> list(int limit) throws DeadLettersUnavailableException {
    List<DeadLetter> letters = new ArrayList<>();
    try {
      for (Path file : files()) {
        read(file, Files.size(file), body -> addTo(letters, limit, body));
      }
      return letters;
    } catch (IOException e) {
      throw unavailable("read", e);
    }
  }

  private static void addTo(List<DeadLetter> letters, int limit, byte[] body) throws IOException {
    if (letters.size() < limit) {
      letters.add(DeadLetterFrame.read(body));
    }
  }

  @Override
  public void forEach(Consumer<DeadLetter> consumer) throws DeadLettersUnavailableException {
    try {
      for (Map.Entry<Path, Long> file : wholeFrames().entrySet()) {
        read(file.getKey(), file.getValue(), body -> consumer.accept(DeadLetterFrame.read(body)));
      }
    } catch (IOException e) {
      throw unavailable("read", e);
    }
  }

  /** How far each file holds whole frames; nobody is writing one meanwhile. */
  private synchronized Map<Path, Long> wholeFrames() throws IOException {
    Map<Path, Long> sizes = new LinkedHashMap<>();
    for (Path file : files()) {
      sizes.put(file, Files.size(file));
    }
    return sizes;
  }

  /** Takes the bytes of one dead letter. */
  private interface Bodies {
    void take(byte[] body) throws IOException;
  }

  @Override
  public synchronized void close() {
    if (current == null) {
      return;
    }
    try {
      current.close();
    } catch (IOException e) {
      // every add was forced: nothing is left that closing could lose
    }
    current = null;
  }

  private void create(long newNumber) throws IOException {
    closeCurrent();
    Path file = folder.resolve("%08d%s".formatted(newNumber, SUFFIX));
    current = new RandomAccessFile(file.toFile(), "rw");
    current.write(MAGIC);
    current.getFD().sync();
    forceFolder();
    number = newNumber;
  }

  private void reopen(Path file) throws IOException {
    closeCurrent();
    number = Long.parseLong(name(file).substring(0, name(file).length() - SUFFIX.length()));
    long good = Files.size(file) < MAGIC.length ? 0 : read(file, Files.size(file), body -> {});
    if (good == 0) {
      create(number);
      return;
    }
    if (good < Files.size(file)) {
      keepDamaged(file, good);
    }
    current = new RandomAccessFile(file.toFile(), "rw");
    current.setLength(good);
    current.getFD().sync();
  }

  /** A tear was never confirmed, but damage looks the same: what is cut off is kept beside. */
  private static void keepDamaged(Path file, long good) throws IOException {
    Path kept = file.resolveSibling(name(file) + ".cut-" + good);
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(good);
      Files.copy(in, kept, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    LOG.warn(
        "Dead letters: {} ended in a damaged frame at byte {}; it was moved to {}",
        file,
        good,
        kept);
  }

  private void closeCurrent() throws IOException {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  private void forceFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Shows each body up to a size.
   *
   * @return the end of the last good frame
   */
  private long read(Path file, long size, Bodies bodies) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(file)))) {
      requireMagic(file, in.readNBytes(MAGIC.length));
      long end = MAGIC.length;
      while (end < size) {
        byte[] body = body(in, size - end);
        if (body.length == 0) {
          if (!isLast(file)) {
            throw new IOException(
                file + ": the frame at byte " + end + " is damaged; restore the file from a copy");
          }
          return end;
        }
        bodies.take(body);
        end += DeadLetterFrame.HEADER + body.length;
      }
      return end;
    }
  }

  /** The next frame's body; empty when it is torn or damaged. */
  private static byte[] body(DataInputStream in, long left) throws IOException {
    try {
      int length = in.readInt();
      int checksum = in.readInt();
      if (length <= 0 || length > left - DeadLetterFrame.HEADER) {
        return new byte[0];
      }
      byte[] body = in.readNBytes(length);
      return DeadLetterFrame.checksum(body) == checksum ? body : new byte[0];
    } catch (EOFException e) {
      return new byte[0];
    }
  }

  private static void requireMagic(Path file, byte[] found) throws IOException {
    for (int i = 0; i < MAGIC.length - 1; i++) {
      if (found.length <= i || found[i] != MAGIC[i]) {
        throw new IOException(file + " is not a file of dead letters");
      }
    }
    byte version = found[MAGIC.length - 1];
    if (version != MAGIC[MAGIC.length - 1]) {
      throw new IOException(
          file
              + " has format version "
              + version
              + ", this program knows version 1; use the newer program that wrote it");
    }
  }

  private boolean isLast(Path file) throws IOException {
    List<Path> files = files();
    return files.get(files.size() - 1).equals(file);
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(file -> name(file).matches("\\d{8}\\.dlq")).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private DeadLettersUnavailableException unavailable(String what, IOException e) {
    return new DeadLettersUnavailableException(
        "dead letters: could not "
            + what
            + " "
            + folder
            + ": "
            + e.getMessage()
            + "; check the disk's space and the folder's rights",
        e);
  }
}
