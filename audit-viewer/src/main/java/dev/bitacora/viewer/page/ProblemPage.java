package dev.bitacora.viewer.page;

/** Why there is no such page, or not now, and what to do. */
public record ProblemPage(Frame frame, int status, String title, Visible detail) {}
