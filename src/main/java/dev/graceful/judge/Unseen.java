package dev.graceful.judge;

/** Why a termination was not seen from its beginning to its end. */
public enum Unseen {
  /** The pod was known, and gone or going when the operator came back. */
  OperatorAway,
  /** Its containers had ended before its deletion was seen: a crash, or an end by its node. */
  EndedBefore,
  /** The pod vanished while the watch was down. */
  WatchGap
}
