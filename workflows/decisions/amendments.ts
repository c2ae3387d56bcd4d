import { refuseDecision } from './refusals.js';
import { AMENDMENT_REFUSED } from '../../contract/decisions.js';
import type { DecisionDesk } from './decision-desk.js';
import { differences } from '../../contract/differences.js';
import type { StepName } from '../kernel/activity-calls.js';
import type { StatusBoard } from '../kernel/status-board.js';

/**
 * The steps that use each part of an input, by path; the longest matching path counts. Unlisted parts cannot be
 * amended.
 */
export type Amendable = Readonly<Record<string, readonly StepName[]>>;

interface AmendmentContext {
  amendable: Amendable;
  board: StatusBoard;
  desk: DecisionDesk;
}

/** Refuses an amendment of what a step has used already, or may have used. Lists every problem. */
export function checkAmendment(there: object, here: object, { amendable, board, desk }: AmendmentContext): void {
  const changes = differences(there, here);
  if (changes.length === 0) refuse('the amended input equals the current one; use "retry" to try again with it');
  const problems = changes.flatMap(({ path }) => {
    const steps = amendable[longestPrefix(path, Object.keys(amendable))];
    if (steps === undefined) return [`${path} cannot be amended: abort, and start a new run`];
    const used = steps.find((step) => ['done', 'adopted', 'running'].includes(board.stepState(step) ?? ''));
    if (used !== undefined) return [`${path} cannot be amended any more: ${used} has used it`];
    const unsure = steps.find((step) => desk.mayBeDone(step));
    if (unsure !== undefined)
      return [`${path} cannot be amended yet: ${unsure} may have taken effect; "retry" finds out, "abort" undoes it`];
    return [];
  });
  if (problems.length > 0) refuse(problems.join('; '));
}

function longestPrefix(path: string, prefixes: readonly string[]): string {
  const fitting = prefixes.filter((prefix) => path === prefix || path.startsWith(`${prefix}.`));
  return fitting.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
}

function refuse(sentence: string): never {
  refuseDecision(sentence, AMENDMENT_REFUSED);
}

export class InputAmended extends Error {
  override readonly name = 'Amended';

  constructor(readonly order: object) {
    super('the input was amended');
  }
}
