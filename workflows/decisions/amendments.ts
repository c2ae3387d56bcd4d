import { refuseDecision } from './refusals.js';
import { AMENDMENT_REFUSED } from '../../contract/decisions.js';
import type { DecisionDesk } from './decision-desk.js';
import { differences } from '../../contract/differences.js';
import type { StepName } from '../kernel/activity-calls.js';
import type { StatusBoard } from '../kernel/status-board.js';

/** Which steps use which part of an input, by path; the longest path that fits counts. A part that is not listed cannot be amended. */
export type Amendable = Readonly<Record<string, readonly StepName[]>>;

interface Surroundings {
  amendable: Amendable;
  board: StatusBoard;
  desk: DecisionDesk;
}

/** Refuses an amendment of what is done already, or may be: all problems in one sentence each. */
export function checkAmendment(there: object, here: object, { amendable, board, desk }: Surroundings): void {
  const changes = differences(there, here);
  if (changes.length === 0) refuse('the amended input says the same as before; "retry" tries again as it is');
  const problems = changes.flatMap(({ path }) => {
    const steps = amendable[longestFitting(path, Object.keys(amendable))];
    if (steps === undefined) return [`${path} cannot be amended: abort, and start anew`];
    const used = steps.find((step) => ['done', 'adopted', 'running'].includes(board.stepState(step) ?? ''));
    if (used !== undefined) return [`${path} cannot be amended any more: ${used} has used it`];
    const unsure = steps.find((step) => desk.mayBeDone(step));
    if (unsure !== undefined)
      return [
        `${path} cannot be amended yet: nobody knows whether ${unsure} took effect; "retry" finds out, "abort" takes it back`,
      ];
    return [];
  });
  if (problems.length > 0) refuse(problems.join('; '));
}

function longestFitting(path: string, prefixes: readonly string[]): string {
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
