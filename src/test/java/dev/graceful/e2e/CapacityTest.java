package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapacityTest {

  private static final Traffic.Rate BUSY = new Traffic.Rate(350, 150);

  @Test
  void nobodySendsMoreThanIsWanted() {
    assertThat(new Capacity(350).of(BUSY)).isEqualTo(BUSY);
    assertThat(new Capacity(180).of(new Traffic.Rate(50, 50))).isEqualTo(new Traffic.Rate(50, 50));
  }

  @Test
  void lessIsLessOfBothKinds() {
    assertThat(new Capacity(90).of(BUSY)).isEqualTo(new Traffic.Rate(90, 39));
    assertThat(new Capacity(180).half().of(BUSY)).isEqualTo(new Traffic.Rate(90, 39));
    assertThat(new Capacity(20).of(new Traffic.Rate(350, 0))).isEqualTo(new Traffic.Rate(20, 0));
  }

  @Test
  void fewerConnectionsTakeMoreRollouts() {
    assertThat(new Capacity(350).rolloutsThatShowDrops()).isEqualTo(1);
    assertThat(new Capacity(45).rolloutsThatShowDrops()).isEqualTo(2);
    assertThat(new Capacity(20).rolloutsThatShowDrops()).isEqualTo(3);
  }

  @Test
  void atLeastOneLaneIsLeft() {
    assertThat(new Capacity(350).lanes()).isEqualTo(3);
    assertThat(new Capacity(90).lanes()).isEqualTo(2);
    assertThat(new Capacity(Capacity.LEAST).lanes()).isEqualTo(1);
  }
}
