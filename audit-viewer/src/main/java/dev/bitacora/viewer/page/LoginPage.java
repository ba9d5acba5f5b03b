package dev.bitacora.viewer.page;

import java.util.Optional;

/**
 * Name and password.
 *
 * @param next where to go then
 */
public record LoginPage(Frame frame, String name, String next, Optional<String> problem) {}
