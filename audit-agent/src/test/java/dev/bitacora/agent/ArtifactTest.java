package dev.bitacora.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bitacora.core.chain.ChainLink;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactTest {
  @TempDir Path folder;

  private Path jar(String attribute) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue(attribute, "3f2a9c1");
    Path file = folder.resolve("billing-1.2.3.jar");
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
    return file;
  }

  @Test
  void aJar_isNamedWithItsHashAndItsCommit() throws IOException {
    Path file = jar("Git-Commit");
    String sha256 = HexFormat.of().formatHex(ChainLink.hash(Files.readAllBytes(file)));
    assertThat(new Artifact(file + File.pathSeparator + "lib.jar", Optional.empty()).facts())
        .isEqualTo(
            Map.of(
                "artifact", "billing-1.2.3.jar",
                "artifact_sha256", sha256,
                "build_commit", "3f2a9c1"));
  }

  @Test
  void whatTheConfigurationStates_countsMoreThanTheJar() throws IOException {
    Path file = jar("Implementation-Build");
    assertThat(new Artifact(file.toString(), Optional.of("abc")).facts())
        .containsEntry("artifact_sha256", "abc")
        .containsEntry("build_commit", "3f2a9c1");
    assertThat(new Artifact("target/classes", Optional.of("abc")).facts())
        .isEqualTo(Map.of("artifact_sha256", "abc"));
  }

  @Test
  void classFolders_haveNothingToName() {
    assertThat(new Artifact("target/classes", Optional.empty()).facts()).isEmpty();
    assertThat(new Artifact("", Optional.empty()).facts()).isEmpty();
  }

  @Test
  void aJarThatIsNone_isAnErrorAmongTheFacts() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.jar"), "no jar");
    assertThat(new Artifact(file.toString(), Optional.empty()).facts())
        .containsEntry("artifact", "broken.jar")
        .containsKey("artifact_error");
  }
}
