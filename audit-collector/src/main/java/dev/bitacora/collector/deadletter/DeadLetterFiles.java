package dev.bitacora.collector.deadletter;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * &lt;folder&gt;/closed                          which letters are closed, see ClosedFile
 * </pre>
 *
 * <p>A letter's id is the number of its file and the byte at which its frame begins.
 *
 * <p>{@link #add} returns after the bytes are forced to disk. A power cut can leave a torn frame at
 * the end of the last file only, which was never confirmed: the next start moves it to a file
 * beside, {@code 00000001.dlq.cut-<byte>}, and goes on in a new one. Damage in an earlier file is
 * an error that says where. {@link #read} may be called by any process, whoever writes meanwhile.
 */
public final class DeadLetterFiles implements DeadLetters {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFiles.class);
  static final Magic MAGIC = new Magic("BTDLQ", "dead letters");
  private static final long MAX_FILE_BYTES = 64L << 20;
  private static final String SUFFIX = ".dlq";

  private final Path folder;
  private final ClosedFile closed;
  private RandomAccessFile current;
  private int number;

  public DeadLetterFiles(Path folder) {
    this.folder = folder;
    this.closed = new ClosedFile(folder);
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
  public synchronized void close(List<Closing> closings) throws DeadLettersUnavailableException {
    if (closings.isEmpty()) {
      return;
    }
    try {
      closed.append(closings);
    } catch (IOException e) {
      throw unavailable("close letters in", e);
    }
  }

  @Override
  public void read(Visitor visitor) throws DeadLettersUnavailableException {
    try {
      Snapshot snapshot = snapshot();
      for (Extent extent : snapshot.extents()) {
        if (!read(extent, snapshot.closed(), visitor)) {
          return;
        }
      }
    } catch (IOException e) {
      throw unavailable("read", e);
    }
  }

  /** A file as far as it reached at one moment. */
  private record Extent(Path file, long size, boolean isLast) {
    int number() {
      return DeadLetterFiles.number(file);
    }
  }

  private record Snapshot(LetterSet closed, List<Extent> extents) {}

  /**
   * Closings first: a letter that is parked again meanwhile is then seen twice, never not at all.
   */
  private synchronized Snapshot snapshot() throws IOException {
    LetterSet known = closed.read();
    List<Path> files = files();
    List<Extent> extents = new ArrayList<>();
    for (Path file : files) {
      boolean isLast = extents.size() == files.size() - 1;
      extents.add(new Extent(file, Files.size(file), isLast));
    }
    return new Snapshot(known, extents);
  }

  /** Returns false when the visitor wants no more. */
  private static boolean read(Extent extent, LetterSet closed, Visitor visitor)
      throws IOException, DeadLettersUnavailableException {
    if (extent.isLast() && extent.size() < Magic.BYTES) {
      return true; // another process is about to begin it, or a power cut left it so
    }
    try (FrameReader frames = new FrameReader(extent.file(), extent.size())) {
      DeadLetterId id = new DeadLetterId(extent.number(), frames.position());
      for (Optional<byte[]> body = frames.next(); body.isPresent(); body = frames.next()) {
        if (!closed.contains(id)
            && !visitor.visit(new StoredDeadLetter(id, DeadLetterFrame.read(body.get())))) {
          return false;
        }
        id = new DeadLetterId(extent.number(), frames.position());
      }
      if (!extent.isLast() && !frames.isAtEnd()) {
        throw new IOException(
            extent.file()
                + ": the frame at byte "
                + frames.position()
                + " is damaged; restore the file from a copy");
      }
      return true;
    }
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

  private void create(int newNumber) throws IOException {
    closeCurrent();
    Path file = folder.resolve("%08d%s".formatted(newNumber, SUFFIX));
    current = new RandomAccessFile(file.toFile(), "rw");
    current.write(MAGIC.bytes());
    current.getFD().sync();
    force(folder);
    number = newNumber;
  }

  private void reopen(Path file) throws IOException {
    closeCurrent();
    number = number(file);
    long good = Files.size(file) < Magic.BYTES ? 0 : endOfFrames(file);
    if (good == 0) {
      create(number);
      return;
    }
    boolean isWhole = good == Files.size(file);
    if (!isWhole) {
      keepDamaged(file, good);
    }
    current = new RandomAccessFile(file.toFile(), "rw");
    if (!isWhole) {
      current.setLength(good);
      current.getFD().sync();
      // The id of a letter that was cut off may be closed: nobody else must get it.
      create(number + 1);
    }
  }

  private static long endOfFrames(Path file) throws IOException {
    try (FrameReader frames = new FrameReader(file, Files.size(file))) {
      Optional<byte[]> body = frames.next();
      while (body.isPresent()) {
        body = frames.next();
      }
      return frames.position();
    }
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

  /** Makes what was created in a folder last. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(file -> name(file).matches("\\d{8}\\.dlq")).sorted().toList();
    }
  }

  private static int number(Path file) {
    return Integer.parseInt(name(file).substring(0, name(file).length() - SUFFIX.length()));
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
