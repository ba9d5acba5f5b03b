package dev.bitacora.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
  private final Figures figures = new Figures();

  @Test
  void figuresAtTheirLimits_hold() {
    figures.atMost("a", 2, 2);
    figures.atLeast("b", 0.8, 0.8);
    figures.never("c", 0);
    assertThat(figures.exitCode()).isZero();
  }

  @Test
  void aMissedFigure_isNotForgotten() {
    figures.never("a", 1);
    figures.atMost("b", 1, 2);
    assertThat(figures.exitCode()).isEqualTo(1);
  }

  @Test
  void whatCouldNotBeComputed_isMissed() {
    figures.atMost("a", Double.NaN, 2);
    assertThat(figures.exitCode()).isEqualTo(1);
  }
}
