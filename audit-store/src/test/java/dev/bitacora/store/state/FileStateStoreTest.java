package dev.bitacora.store.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.store.StoreException;
import dev.bitacora.store.state.StateStore.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStateStoreTest extends StateStoreContract {
  @TempDir private Path temporary;
  private FileStateStore store;

  @Override
  protected StateStore openEmpty() {
    return opened();
  }

  @Override
  protected StateStore reopen() {
    store.close();
    return opened();
  }

  private FileStateStore opened() {
    store = new FileStateStore(directory());
    store.start();
    return store;
  }

  private Path directory() {
    return temporary.resolve("data/state");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void files_areTheOwnersOnly() throws IOException {
    store.put(Kind.TOKEN, "t", "{}", StateStore.ABSENT);
    assertThat(Files.getPosixFilePermissions(onlyFile(Kind.TOKEN)))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(Files.getPosixFilePermissions(directory()))
        .containsExactlyInAnyOrder(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);
  }

  @Test
  void start_onADirectoryInUse_saysWhatToDo() {
    try (FileStateStore second = new FileStateStore(directory())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(directory().toString())
          .hasMessageContaining("in use by another process; stop it");
    }
    assertThat(store.put(Kind.USER, "a", "1", StateStore.ABSENT)).isTrue();
  }

  @Test
  void start_withAnUnfinishedWrite_keepsTheValueBefore() throws IOException {
    store.put(Kind.USER, "alice", "1", StateStore.ABSENT);
    Path file = onlyFile(Kind.USER);
    Path unfinished = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp"), "{\"ke");
    reopen();
    assertThat(store.get(Kind.USER, "alice").orElseThrow().value()).isEqualTo("1");
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void start_withADamagedFile_namesIt() throws IOException {
    store.put(Kind.USER, "alice", "1", StateStore.ABSENT);
    Path file = onlyFile(Kind.USER);
    for (String damage : List.of("", "{", "{}", "[]", "{\"format\":1,\"key\":1}")) {
      Files.writeString(file, damage);
      assertThatThrownBy(this::reopen)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void start_withAFileOfANewerVersion_refuses() throws IOException {
    store.put(Kind.USER, "alice", "1", StateStore.ABSENT);
    Files.writeString(onlyFile(Kind.USER), "{\"format\":2,\"key\":\"alice\",\"other\":[]}");
    assertThatThrownBy(this::reopen)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer version of this program (format 2, this one knows 1)");
  }

  @Test
  void start_onAFile_saysSo() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    try (FileStateStore wrong = new FileStateStore(file)) {
      assertThatThrownBy(wrong::start)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void put_afterClose_isRefused() {
    store.close();
    store.close();
    assertThatThrownBy(() -> store.put(Kind.USER, "a", "1", StateStore.ABSENT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("not open");
  }

  private Path onlyFile(Kind kind) throws IOException {
    Path folder = directory().resolve(kind.name().toLowerCase(java.util.Locale.ROOT));
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().get(0);
    }
  }
}
