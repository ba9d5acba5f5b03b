package dev.bitacora.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs docker/make-secrets.sh with the tools of the Elasticsearch distribution of our tests. */
class ComposeSecretsTest {
  private static final List<String> CONSUMERS = List.of("setup", "collector", "viewer", "kibana");

  @TempDir private static Path folder;
  private static Path secrets;
  private static Path config;
  private static String printed;

  @BeforeAll
  static void makeSecrets() throws Exception {
    Path home = unpacked();
    config = home.resolve("config");
    secrets = Files.createDirectory(folder.resolve("secrets"));
    for (String consumer : CONSUMERS) {
      Files.createDirectory(secrets.resolve(consumer));
    }
    printed = run(home);
  }

  @Test
  void script_printsNothing() {
    assertThat(printed).isEmpty();
  }

  @Test
  void script_again_changesNothing() throws Exception {
    Map<Path, String> before = contents();
    assertThat(run(config.getParent())).isEmpty();
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void eachReader_getsAPasswordOfItsOwn() throws IOException {
    Set<String> passwords = new HashSet<>();
    for (String consumer : List.of("setup", "collector", "viewer")) {
      Path password = secrets.resolve(consumer).resolve("elasticsearch-password");
      passwords.add(Files.readString(password));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
          .isEqualTo("r--------");
    }
    passwords.add(Files.readString(config.resolve("auditor-password")).strip());
    assertThat(passwords).hasSize(4).allMatch(password -> password.matches("[0-9a-f]{48}"));
  }

  @Test
  void users_haveTheRolesOfTheirTask() throws IOException {
    assertThat(Files.readAllLines(config.resolve("users_roles")))
        .containsExactlyInAnyOrder(
            "bitacora-setup:bitacora-setup",
            "kibana_admin:bitacora-setup",
            "bitacora-writer:bitacora-collector",
            "bitacora-bootstrap:bitacora-collector",
            "bitacora-retention:bitacora-collector",
            "bitacora-state:bitacora-collector,bitacora-viewer",
            "bitacora-viewer:auditor,bitacora-collector,bitacora-viewer",
            "kibana-reader:auditor");
    assertThat(Files.readString(config.resolve("roles.yml"))).doesNotContain("superuser");
  }

  @Test
  void certificate_isSignedByTheAuthorityThatEveryReaderTrusts() throws Exception {
    X509Certificate node = certificate(config.resolve("certificates/elasticsearch.crt"));
    for (String consumer : CONSUMERS) {
      node.verify(certificate(secrets.resolve(consumer).resolve("ca.crt")).getPublicKey());
    }
    assertThat(node.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .contains("elasticsearch", "localhost", "127.0.0.1");
    // The authority's key is nowhere: nobody can sign another node.
    assertThat(contents().keySet()).noneMatch(file -> file.endsWith("ca.key"));
  }

  @Test
  void kibana_getsATokenAndKeysOfItsOwn() throws IOException {
    String settings = Files.readString(secrets.resolve("kibana/kibana.yml"));
    assertThat(settings)
        .containsPattern("elasticsearch.serviceAccountToken: '[A-Za-z0-9_-]{20,}'")
        .containsPattern("xpack.encryptedSavedObjects.encryptionKey: [0-9a-f]{48}\\R")
        .doesNotContain("password");
    assertThat(Files.readString(config.resolve("service_tokens")))
        .startsWith("elastic/kibana/compose:");
  }

  private static String run(Path home) throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder("bash", path("docker/make-secrets.sh").toString());
    String self = id("-u") + ":" + id("-g");
    script.environment().put("CONFIG", config.toString());
    script.environment().put("SECRETS", secrets.toString());
    script.environment().put("TOOLS", home.resolve("bin").toString());
    script.environment().put("ES_JAVA_HOME", System.getProperty("java.home"));
    script.environment().put("ELASTICSEARCH_OWNER", self);
    script.environment().put("KIBANA_OWNER", self);
    script.environment().put("BITACORA_OWNER", self);
    script.environment().merge("PATH", unzip() + ":", (path, front) -> front + path);
    return output(script);
  }

  /** The image has an unzip; this machine has the JDK's. */
  private static Path unzip() throws IOException {
    Path script = folder.resolve("bin/unzip");
    Files.createDirectories(script.getParent());
    // unzip -q ARCHIVE -d FOLDER
    Files.writeString(
        script,
        "#!/bin/sh\ncd \"$4\" && exec '"
            + System.getProperty("java.home")
            + "/bin/jar' xf \"$2\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.getParent();
  }

  private static String id(String option) throws IOException, InterruptedException {
    return output(new ProcessBuilder("id", option)).strip();
  }

  private static String output(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  /** A distribution of this test alone. */
  private static Path unpacked() throws IOException {
    try (Stream<Path> engines = Files.list(Path.of(System.getProperty("bitacora.engines")));
        ZipInputStream zip =
            new ZipInputStream(
                Files.newInputStream(
                    engines
                        .filter(
                            file -> file.getFileName().toString().matches("elasticsearch-.*\\.zip"))
                        .findFirst()
                        .orElseThrow()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve("home" + entry.getName().replaceFirst("^[^/]+", ""));
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
    Path home = folder.resolve("home");
    try (Stream<Path> tools = Files.list(home.resolve("bin"))) {
      for (Path tool : tools.toList()) {
        assertThat(tool.toFile().setExecutable(true)).isTrue();
      }
    }
    return home;
  }

  private static Map<Path, String> contents() throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    for (Path root : List.of(secrets, config)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          contents.put(file, Files.readString(file));
        }
      }
    }
    return contents;
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static Path path(String name) {
    return Path.of(System.getProperty("bitacora.root")).resolve(name);
  }
}
