package dev.graceful.owners;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What came of one action of one owner.
 *
 * @param admission with or without MutatingAdmissionPolicy
 * @param ok whether the owner's tool succeeded, nothing of the owner's was changed, the template is
 *     as it should be, and it cost no revision and no restart that the owner had not caused alone
 * @param why empty if it is
 * @param revisions how many the action added
 * @param restarts how many of the pods that were there before were ended, by uid
 * @param restartsBeyondOwner how many pods were ended, of those that came meanwhile too, more than
 *     by the same action without any policy
 * @param protectedAfter whether the sleep is in the serving container
 */
@JsonPropertyOrder({
  "owner",
  "action",
  "admission",
  "ok",
  "why",
  "revisions",
  "restarts",
  "restartsBeyondOwner",
  "protectedAfter"
})
record Row(
    String owner,
    String action,
    String admission,
    boolean ok,
    String why,
    long revisions,
    int restarts,
    int restartsBeyondOwner,
    boolean protectedAfter) {}
