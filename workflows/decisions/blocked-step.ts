import { ApplicationFailure } from '@temporalio/workflow';

/** What a person is asked about. */
export interface Problem {
  step: string;
  type: string;
  message: string;
  skippable: boolean;
  /** It is unknown whether the step took effect. */
  mayBeDone: boolean;
}

/** How its wait ends. */
export type Outcome = { go: 'retry' | 'skip' } | { stop: Error };

/** A step that waits for a decision. */
export interface BlockedStep extends Problem {
  since: string;
  until?: string | undefined;
  /** It waits for the cloud, not for a person. */
  waitsForCloud: boolean;
  outcome?: Outcome;
}

/** Those after the first one whose message has not been said yet: a refused secret fails every step in the same way. */
export function differentlyWorded(steps: readonly BlockedStep[]): BlockedStep[] {
  return steps.filter(({ message }, at) => steps.findIndex((one) => one.message === message) === at).slice(1);
}

/** The failure that ends the run after somebody stopped it. */
export function stopFailure({ step, type, message }: Problem, why: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message: `${message} (${why})`, nonRetryable: true, details: [{ step }] });
}

/** The decision for a step; throws when the run is stopped. */
export function toDecision(outcome: Outcome): 'retry' | 'skip' {
  if ('stop' in outcome) throw outcome.stop;
  return outcome.go;
}
