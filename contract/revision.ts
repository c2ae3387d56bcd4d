/**
 * Counts the changes to what workflows do. `readInput` writes it into the history of a run, so a run goes on as it began: code that an earlier
 * revision would not have run asks for it. It costs no event, unlike Temporal's own `patched`.
 */
export const REVISION = 3;

/** Since then turns come in the order of starting, from a queue. */
export const TURNS_IN_ORDER = 2;

/** Since then a run asks for earlier runs of its key, brings what it adopts to what is ordered, and looks for doubles. */
export const ONE_PER_KEY = 2;

/** Since then it is known of each step whether it has had an effect, or may have had one. */
export const KNOWN_EFFECTS = 2;

/** Since then a run that is cancelled asks what became of the tries of its step. */
export const HEEDS_TRIES = 3;

/** Since then a user whom somebody else may have made is treated as theirs, and Temporal is asked what earlier runs have done for a user. */
export const WHOSE_USER = 3;

/** Since then a run that was blocked looks once more at what it hands over. */
export const LOOKS_ONCE_MORE = 3;

/** Since then a run that fails puts back what it has set in a tenant that an earlier run has made. */
export const PUTS_BACK = 3;

/** The revision of runs that began before revisions were counted. */
export const FIRST_REVISION = 1;
