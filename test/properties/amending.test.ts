import { expect, test } from '@jest/globals';
import { assert, boolean, constantFrom, dictionary, integer, property, record } from 'fast-check';
import { checkAmendment, type Amendable } from '../../workflows/decisions/amendments.js';
import type { DecisionDesk } from '../../workflows/decisions/decision-desk.js';
import type { StatusBoard } from '../../workflows/kernel/status-board.js';
import type { StepState } from '../../contract/status.js';

/** `a` is used by one step, `b` by two, `c` by none; `d` says for whom the run is. */
const amendable: Amendable = { a: ['ensureUser'], b: ['ensureUser', 'assignRole'], c: [] };
const orders = dictionary(constantFrom('a', 'b', 'c', 'd'), integer({ min: 0, max: 2 }));
const states = constantFrom<StepState>('pending', 'running', 'done', 'adopted', 'skipped', 'failed', 'undone');
const steps = record({ ensureUser: states, assignRole: states });
const used: readonly StepState[] = ['running', 'done', 'adopted'];

function isRefused(there: object, here: object, at: Record<string, StepState>, unsure: boolean): boolean {
  const board = { stepState: (step: string) => at[step] } as unknown as StatusBoard;
  const desk = { mayBeDone: (step: string) => unsure && at[step] === 'failed' } as unknown as DecisionDesk;
  try {
    checkAmendment(there, here, { amendable, board, desk });
    return false;
  } catch {
    return true;
  }
}

test('an input can be amended exactly in what no step has used, or may have used', () => {
  assert(
    property(orders, orders, steps, boolean(), (there, here, at, unsure) => {
      const changed = ['a', 'b', 'c', 'd'].filter((name) => there[name] !== here[name]);
      const spent = (step: 'ensureUser' | 'assignRole') => used.includes(at[step]) || (unsure && at[step] === 'failed');
      const bound = { a: spent('ensureUser'), b: spent('ensureUser') || spent('assignRole'), c: false, d: true };

      const wrong = changed.length === 0 || changed.some((name) => bound[name as keyof typeof bound]);

      expect(isRefused(there, here, at, unsure)).toBe(wrong);
    }),
  );
});
