/** What a person can do about a blocked run; each is the name of a Temporal Update that every operation takes. */
export const choices = ['retry', 'amend', 'skip', 'abort'] as const;
export type Choice = (typeof choices)[number];

/** The choices for one blocked step, the least harmful first. */
export function choicesFor({ skippable }: { skippable: boolean }): Choice[] {
  return choices.filter((choice) => choice !== 'skip' || skippable);
}

/** What a person can do while an offboarding's grace runs; each is the name of an Update of `offboardCustomer`. */
export const graceChoices = ['extendGrace', 'hold', 'release', 'restore'] as const;
export type GraceChoice = (typeof graceChoices)[number];

/** What a person sends with a choice. */
export interface DecisionRequest {
  /** Who decides. Temporal's own tools let anybody write anything here, so it counts as unverified. */
  actor: string;
  /** Why; kept in the status and in the history. */
  reason: string;
}

/** What comes with `amend`: the whole input as it shall be from now on. */
export interface AmendRequest extends DecisionRequest {
  input: unknown;
}

/** What comes with `extendGrace`. */
export interface ExtendRequest extends DecisionRequest {
  /** A duration in words. */
  by: string;
}

/** A decision that was taken, as the status keeps it. `at` is ISO 8601. */
export interface Decision {
  choice: Choice | GraceChoice;
  step: string;
  actor: string;
  /** True only if a door of ours has checked who the actor is; no door does so yet, so it is always false. */
  verified: boolean;
  reason: string;
  at: string;
}

/**
 * Signal by which a run hears who cancels it and why, as a `DecisionRequest`, just before Temporal's own request to cancel, of which it hears
 * neither. Alone it changes nothing.
 */
export const CANCELLING_SIGNAL = 'cancelling';

/** Failure type of a decision that makes no sense now; the run goes on waiting, or doing, as before. It is told to who decided, and kept nowhere. */
export const DECISION_REFUSED = 'DecisionRefused';

/** Failure type of an amendment whose input cannot be had; the run goes on waiting as before. It is kept in the history, beside the input. */
export const AMENDMENT_REFUSED = 'AmendmentRefused';
