/**
 * Counts the changes to the commands that workflows issue. `readInput` records it in the history of a run, so a run
 * goes on with the behaviour it started with: newer code checks the revision first. Unlike Temporal's `patched`, it
 * costs no event.
 */
export const REVISION = 14;

/** From here on, a queue gives turns in the order in which runs were started. */
export const TURNS_IN_ORDER = 2;

/**
 * From here on, a run queries earlier runs of its key, updates adopted tenants as ordered, and looks for duplicates.
 */
export const ONE_PER_KEY = 2;

/** From here on, each step reports whether it had an effect, or may have had one. */
export const KNOWN_EFFECTS = 2;

/** From here on, a cancelled run asks for the result of earlier attempts of its step. */
export const READS_TRIES_ON_CANCEL = 3;

/**
 * From here on, a user that somebody else may have created is treated as theirs, and Temporal is asked what earlier
 * runs did for a user.
 */
export const KNOWS_USER_OWNERSHIP = 3;

/** From here on, a run that was blocked rechecks its results before it completes. */
export const RECHECKS_AFTER_BLOCK = 3;

/** From here on, a failed run restores the settings that it changed in a tenant of an earlier run. */
export const RESTORES_ADOPTED_SETTINGS = 3;

/** From here on, a blocked run that lets another run pass watches whether that run is blocked itself. */
export const WATCHES_PASSING_RUNS = 4;

/** From here on, `abort`, `amend` and the deadline also stop a parallel step that blocks only afterwards. */
export const STOPS_LATE_STEPS = 4;

/** From here on, results of local activities reach a run one at a time, at a replay too. */
export const LOCAL_RESULTS_IN_ORDER = 4;

/** From here on, the deadline of a decision stands still while the cloud is in trouble. */
export const DEADLINES_STAND_STILL = 5;

/** From here on, a run checks the secrets and the artefact store that its order needs before its first change. */
export const CHECKS_REFERENCES = 5;

/** From here on, a run that keeps what it has made also looks for duplicates before it ends. */
export const LOOKS_FOR_DOUBLES_WHEN_KEPT = 5;

/** From here on, a run informs the workflows that watch it. */
export const INFORMS_WATCHERS = 6;

/** From here on, a run that waits for its turn notices that its queue has lost the claim, and claims again. */
export const NOTICES_LOST_CLAIMS = 7;

/** From here on, a run that was blocked checks that its tenant is still the one it means, before its next change. */
export const CHECKS_MEANT_TENANT = 7;

/** From here on, an offboarding that a customer has started asks it before it deletes the tenant. */
export const ASKS_ITS_CUSTOMER = 8;

/** From here on, a run also rechecks its results before it completes when one of its steps was tried again. */
export const RECHECKS_AFTER_RETRY = 9;

/** From here on, a run gives back its turn by a signal of its own history, once all that it has seen is in there. */
export const RELEASES_BY_SIGNAL = 10;

/** From here on, a run also rechecks its results when it stood still for some seconds between two steps. */
export const RECHECKS_AFTER_GAP = 11;

/** From here on, a run also rechecks its results when it stood still for some seconds after its last step. */
export const RECHECKS_AFTER_LAST_STEP = 12;

/**
 * From here on, a run that protects a customer renews its token between two looks, tries a plan again that was not applied,
 * and reminds also where things come and go.
 */
export const PROTECTS_STEP_BY_STEP = 13;

/**
 * From here on, a run that protects a customer sees after an amendment whether as many machines as are ordered now are
 * protected, and waits without its turn. Once a customer is handed over, an amendment changes only how it is protected.
 */
export const AMENDS_PROTECTION = 14;

/** The revision of runs that started before revisions were counted. */
export const FIRST_REVISION = 1;
