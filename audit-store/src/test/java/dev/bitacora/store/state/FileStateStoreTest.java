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
  void aSecondProcess_addsAndRemoves_andTheFirstSeesItAtOnce() {
    FileStateStore second = new FileStateStore(directory());
    second.start();
    assertThat(second.put(Kind.TOKEN, "t", "1", StateStore.ABSENT)).isTrue();

    StateStore.Entry seen = store.get(Kind.TOKEN, "t").orElseThrow();
    assertThat(seen.value()).isEqualTo("1");
    assertThat(store.put(Kind.TOKEN, "t", "2", seen.version())).isTrue();
    assertThat(second.put(Kind.TOKEN, "t", "3", seen.version())).isFalse();
    assertThat(second.list(Kind.TOKEN)).extracting(StateStore.Entry::value).containsExactly("2");
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
    FileStateStore wrong = new FileStateStore(file);
    assertThatThrownBy(wrong::start)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString());
  }

  private Path onlyFile(Kind kind) throws IOException {
    Path folder = directory().resolve(kind.name().toLowerCase(java.util.Locale.ROOT));
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().get(0);
    }
  }
}
