/** What a person can do about a blocked run; each is the name of a Temporal Update that every operation takes. */
export const choices = ['retry', 'amend', 'skip', 'abort'] as const;
export type Choice = (typeof choices)[number];

/** The choices for one blocked step, the least harmful first. */
export function choicesFor({ skippable }: { skippable: boolean }): Choice[] {
  const isPossible: Readonly<Record<Choice, boolean>> = { retry: true, amend: true, skip: skippable, abort: true };
  return choices.filter((choice) => isPossible[choice]);
}

/** What a person can do while an offboarding's grace runs; each is the name of an Update of `offboardCustomer`. */
export const graceChoices = ['extendGrace', 'hold', 'release', 'restore'] as const;
export type GraceChoice = (typeof graceChoices)[number];

/** What a person sends with a choice. */
export interface DecisionRequest {
  /** Who decides. Temporal's own tools let anybody write anything here: only a proof verifies it. */
  actor: string;
  /** Why; kept in the status and in the history. */
  reason: string;
}

/** The request of `amend`: the whole new input. */
export interface AmendRequest extends DecisionRequest {
  input: unknown;
}

/** The request of `extendGrace`. */
export interface ExtendRequest extends DecisionRequest {
  /** A duration in words. */
  by: string;
}

/** A decision that was taken, as the status keeps it. `at` is ISO 8601. */
export interface Decision {
  choice: Choice | GraceChoice;
  step: string;
  actor: string;
  /** True only if the decision came with a proof that the gateway has checked the actor, and a worker has checked the proof. */
  verified: boolean;
  reason: string;
  at: string;
}

/**
 * Signal that names who cancels a run and why, as a `DecisionRequest`. It is sent just before Temporal's own cancel
 * request, which carries neither. Alone it changes nothing.
 */
export const CANCELLING_SIGNAL = 'cancelling';

/**
 * Failure type of a decision that is not possible now. The run continues as before. The caller gets the failure; it is
 * not recorded.
 */
export const DECISION_REFUSED = 'DecisionRefused';

/**
 * Failure type of an amendment whose input was rejected. The run stays blocked. The history keeps it, with the input.
 */
export const AMENDMENT_REFUSED = 'AmendmentRefused';
