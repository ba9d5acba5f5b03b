package dev.bitacora.viewer.page;

import java.util.Optional;

/**
 * What stands around every page.
 *
 * @param user who is signed in
 * @param csrf what the page's forms carry
 */
public record Frame(Links links, Optional<String> user, String csrf, boolean mayRead) {}
