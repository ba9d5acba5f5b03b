package dev.bitacora.agent.chain;

import dev.bitacora.core.chain.ChainLink;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The latest blocks of links that memory has no room for. The file has no name while it is used and
 * vanishes with its process: nobody has to trust what another one has left. A block that cannot be
 * written or read is not known. Not by a {@code FileChannel}: an interrupted thread would close it.
 * One thread's at a time.
 */
final class LinkFile implements AutoCloseable {
  /** Links in a block. */
  static final int BLOCK = 1024;

  static final int BLOCK_BYTES = BLOCK * ChainLink.BYTES;

  /** 32 MiB: the links of a gigabyte of events of a thousand bytes. */
  static final int BLOCKS = 1024;

  private static final long NOTHING = -1;

  private final Path path;

  /** Which block stands at each place. */
  private final long[] blocks = new long[BLOCKS];

  private byte[] read = {};
  private long readBlock = NOTHING;

  /** Null until there is something to write. */
  private RandomAccessFile file;

  private boolean isClosed;

  LinkFile(Path path) {
    this.path = path;
    Arrays.fill(blocks, NOTHING);
  }

  /** Keeps a block, in the place of an older one. */
  void write(long block, byte[] from, int offset) {
    int place = (int) (block % BLOCKS);
    blocks[place] = NOTHING;
    try {
      open().seek((long) place * BLOCK_BYTES);
      file.write(from, offset, BLOCK_BYTES);
      blocks[place] = block;
    } catch (IOException e) {
      // its links are computed once more
    }
  }

  private RandomAccessFile open() throws IOException {
    if (isClosed) {
      throw new IOException("closed");
    }
    if (file == null) {
      file = new RandomAccessFile(path.toFile(), "rw");
      Files.delete(path);
    }
    return file;
  }

  /** The block's links, until another is asked for. */
  Optional<byte[]> read(long block) {
    if (block != readBlock) {
      int place = (int) (block % BLOCKS);
      if (blocks[place] != block) {
        return Optional.empty();
      }
      try {
        load(place);
        readBlock = block;
      } catch (IOException e) {
        readBlock = NOTHING;
        return Optional.empty();
      }
    }
    return Optional.of(read);
  }

  private void load(int place) throws IOException {
    read = read.length == 0 ? new byte[BLOCK_BYTES] : read;
    readBlock = NOTHING;
    open().seek((long) place * BLOCK_BYTES);
    file.readFully(read);
  }

  /** Gives the file up; nothing is known from then on. */
  @Override
  public void close() {
    isClosed = true;
    readBlock = NOTHING;
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        // nobody needs what is in it
      }
    }
  }
}
