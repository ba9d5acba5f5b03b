package dev.bitacora.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Somebody who may log in to a secured {@link ElasticsearchNode}. */
public record ElasticsearchUser(String name, String password, List<String> roles) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ITERATIONS = 1_000;
  private static final int BITS = 256;

  public ElasticsearchUser {
    roles = List.copyOf(roles);
  }

  public ElasticsearchUser(String name, String password, String... roles) {
    this(name, password, List.of(roles));
  }

  /** For the {@code Authorization} header. */
  public String basicAuthorization() {
    byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** This user's line in the file {@code users}. */
  String usersLine() {
    byte[] salt = new byte[32];
    RANDOM.nextBytes(salt);
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, BITS))
              .getEncoded();
      Base64.Encoder base64 = Base64.getEncoder();
      return "%s:{PBKDF2}%d$%s$%s"
          .formatted(name, ITERATIONS, base64.encodeToString(salt), base64.encodeToString(hash));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has PBKDF2", impossible);
    }
  }

  /** Names the user without the password. */
  @Override
  public String toString() {
    return "ElasticsearchUser[" + name + " " + roles + "]";
  }
}
