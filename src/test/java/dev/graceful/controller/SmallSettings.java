package dev.graceful.controller;

import dev.graceful.config.Settings;

/** Of an operator that does one thing after the other, on a cluster without admission policies. */
final class SmallSettings implements Settings {

  @Override
  public Probe probe() {
    return new Probe() {
      @Override
      public int mostAtOnce() {
        return 10;
      }

      @Override
      public int requestsPerPod() {
        return 150;
      }
    };
  }

  @Override
  public Apply apply() {
    return new Apply() {
      @Override
      public boolean atAdmission() {
        return false;
      }

      @Override
      public int mostAtAdmission() {
        return 0;
      }

      @Override
      public int mostAtOnce() {
        return 1;
      }
    };
  }

  @Override
  public String instance() {
    return "test";
  }
}
