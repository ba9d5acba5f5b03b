package dev.bitacora.viewer.web;

import dev.bitacora.viewer.api.Problem;

/** A request is turned down; the answer says why. */
final class Refusal extends RuntimeException {
  private final transient Problem problem;

  Refusal(int status, String title, String detail) {
    this(Problem.of(status, title, detail));
  }

  Refusal(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }

  static Refusal unauthenticated(String detail) {
    return new Refusal(401, "Not signed in", detail);
  }

  static Refusal forbidden(String detail) {
    return new Refusal(403, "Not allowed", detail);
  }

  static Refusal notFound(String detail) {
    return new Refusal(404, "Not found", detail);
  }
}
