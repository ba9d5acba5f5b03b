package dev.bitacora.core.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class SealTest {
  private static final StreamPosition UP_TO =
      StreamPosition.parse("019a0000-0000-7000-8000-000000000001-000000000041");

  private static final ChainLink LINK = ChainLink.of(ChainLink.hash(new byte[] {7}));

  @Test
  void message_isTheDocumentedBytes() {
    assertThat(HexFormat.of().formatHex(Seal.message(UP_TO, LINK)))
        .isEqualTo(
            HexFormat.of().formatHex("bitacora-seal/v1\n".getBytes(StandardCharsets.US_ASCII))
                + "019a0000000070008000000000000001"
                + "0000000000000029"
                + LINK);
  }

  /** RFC 8032, 7.1, test 1, over another message: the key's form is what is tested. */
  @Test
  void key_isThe32BytesOfTheStandard() throws Exception {
    byte[] raw =
        HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertThat(Seal.verifies(raw, UP_TO, LINK, new byte[64])).isFalse();
  }

  @Test
  void signature_holdsForItsLinkAndKeyAlone() throws Exception {
    KeyPair key = KeyPairGenerator.getInstance(Seal.ALGORITHM).generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance(Seal.ALGORITHM).generateKeyPair();
    Signature signer = Signature.getInstance(Seal.ALGORITHM);
    signer.initSign(key.getPrivate());
    signer.update(Seal.message(UP_TO, LINK));
    byte[] signature = signer.sign();
    byte[] raw = Seal.rawKey(key.getPublic());

    assertThat(raw).hasSize(Seal.KEY_BYTES);
    assertThat(signature).hasSize(64);
    assertThat(Seal.verifies(raw, UP_TO, LINK, signature)).isTrue();
    assertThat(Seal.verifies(raw, UP_TO, ChainLink.ZERO, signature)).isFalse();
    StreamPosition next = new StreamPosition(UP_TO.stream(), UP_TO.sequence() + 1);
    assertThat(Seal.verifies(raw, next, LINK, signature)).isFalse();
    assertThat(Seal.verifies(Seal.rawKey(other.getPublic()), UP_TO, LINK, signature)).isFalse();
    assertThat(Seal.verifies(raw, UP_TO, LINK, new byte[10])).isFalse();
  }

  @Test
  void bytesThatAreNoKey_areAnError() {
    assertThatThrownBy(() -> Seal.verifies(new byte[31], UP_TO, LINK, new byte[64]))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContaining("expected 32 bytes, found 31");
  }
}
