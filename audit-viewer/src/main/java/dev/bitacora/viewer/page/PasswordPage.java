package dev.bitacora.viewer.page;

import java.util.Optional;

/**
 * Choosing a password.
 *
 * @param isFirst true for somebody who never had one
 */
public record PasswordPage(Frame frame, boolean isFirst, Optional<String> problem) {}
