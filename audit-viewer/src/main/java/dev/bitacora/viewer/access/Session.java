package dev.bitacora.viewer.access;

/**
 * A person's session, proven by its cookie.
 *
 * @param csrf what every change must carry
 */
public record Session(Identity identity, String csrf) {
  /** Whether a change carries this session's token. */
  public boolean isOwn(String csrfOfRequest) {
    return Secrets.equal(csrf, csrfOfRequest);
  }

  @Override
  public String toString() {
    return "Session[" + identity.id() + "]";
  }
}
