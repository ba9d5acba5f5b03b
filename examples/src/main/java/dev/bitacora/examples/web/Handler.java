package dev.bitacora.examples.web;

/** Answers requests of one route. */
@FunctionalInterface
public interface Handler {
  Answer handle(Call call) throws Exception;
}
