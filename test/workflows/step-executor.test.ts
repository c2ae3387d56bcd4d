import { expect, test } from '@jest/globals';
import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState } from '@temporalio/common';
import { StepExecutor } from '../../workflows/kernel/step-executor.js';
import { NO_CALLS_MADE, type MakerUnknown } from '../../contract/steps.js';
import type { Problem } from '../../workflows/decisions/blocked-step.js';
import type { DecisionDesk } from '../../workflows/decisions/decision-desk.js';
import { FailureType } from '../../contract/failures.js';
import { OwnEffects } from '../../workflows/kernel/own-effects.js';
import { READS_TRIES_ON_CANCEL, KNOWN_EFFECTS } from '../../contract/revision.js';
import type { StatusBoard } from '../../workflows/kernel/status-board.js';
import type { Undos } from '../../workflows/kernel/undos.js';

const { Unavailable, Credentials, Forbidden, Taken, NotReady } = FailureType;

/** A step of which a person is asked at each failure and says `retry`; whether it was thought to have taken effect, each time. */
function attended({ heeds = true } = {}) {
  const asked: boolean[] = [];
  const suspected: string[] = [];
  const ofUnknownMaker: string[] = [];
  const nothing = () => undefined;
  const quiet = { stepStarted: nothing, stepFailed: nothing, stepCancelled: nothing, stepEnded: nothing };
  const board = quiet as unknown as StatusBoard;
  const waitForDecision = async ({ mayBeDone }: Problem) => (asked.push(mayBeDone), 'retry' as const);
  const desk = { canBeHelped: () => true, waitForDecision } as unknown as DecisionDesk;
  const stepMayBeDone = (step: string, makerUnknown?: MakerUnknown) =>
    (makerUnknown ? ofUnknownMaker : suspected).push(step);
  const ownEffects = new OwnEffects();
  const undos = { hasUndos: true, stepDone: nothing, stepMayBeDone, ownEffects } as unknown as Undos;
  const turns = { untilFree: undefined };
  const executor = new StepExecutor({ board, desk, undos, turns }, () =>
    heeds ? READS_TRIES_ON_CANCEL : KNOWN_EFFECTS,
  );
  const attend = async (failures: readonly Error[], kind?: 'lookUp') => {
    const left = [...failures];
    const act = async () => {
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      return NO_CALLS_MADE;
    };
    await executor.execute('ensureThing', act, kind);
  };
  return { asked, suspected, ofUnknownMaker, attend };
}

/** A step that was cancelled, and what it tells of its tries. */
function cancelledStep(told: unknown): ActivityFailure {
  const cause = new CancelledFailure('cancelled', [told]);
  return new ActivityFailure('sent', 'ensureThing', '1', RetryState.CANCEL_REQUESTED, undefined, cause);
}

function failed(type: string, attempts = 1, facts: { unsure?: boolean; changed?: boolean } = {}): ActivityFailure {
  const details = [{ attempts, apiCalls: attempts, ...facts }];
  const cause = ApplicationFailure.create({ type, nonRetryable: true, details });
  return new ActivityFailure('failed', 'ensureThing', '1', RetryState.NON_RETRYABLE_FAILURE, undefined, cause);
}

test.each<[string, ActivityFailure[], boolean[]]>([
  ['a lost answer is forgotten for no refusal after it', [failed(Unavailable), failed(Forbidden)], [true, true]],
  ['nor for one within the same call', [failed(Credentials, 4)], [true]],
  ['what was refused at once has taken no effect', [failed(Forbidden), failed(Forbidden)], [false, false]],
  ['a name that is taken shows that nothing was made', [failed(Unavailable), failed(Taken)], [true, false]],
  ['an order that is not taken yet shows it too', [failed(NotReady, 13)], [false]],
  [
    'what was certainly never sent has taken no effect',
    [failed(Unavailable, 9, { unsure: false, changed: false })],
    [false],
  ],
  ['what may have been is not forgotten', [failed(Forbidden, 2, { unsure: true, changed: false })], [true]],
  ['nor has what was refused after that', [failed(Forbidden, 9, { unsure: false, changed: false })], [false]],
  [
    'a refusal of a later call of a step does not take back the earlier',
    [failed(Forbidden, 1, { unsure: false, changed: true })],
    [true],
  ],
])('of a change: %s', async (_words, failures, unsure) => {
  const { asked, attend } = attended();

  await attend(failures);

  expect(asked).toEqual(unsure);
});

test('the undo of a change gets each failure after which the change may have taken effect, and no other', async () => {
  const { suspected, attend } = attended();

  await attend([failed(Forbidden)]);
  expect(suspected).toEqual([]);
  await attend([failed(Unavailable), failed(Forbidden)]);
  expect(suspected).toEqual(['ensureThing']);
});

test('the undo of a cancelled change gets the cancellation only when the change was sent', async () => {
  const { suspected, ofUnknownMaker, attend } = attended();
  const cancelled = new CancelledFailure('cancelled');
  const sent = cancelledStep('ACTIVITY_ID_NOT_STARTED');

  await expect(attend([cancelled])).rejects.toBe(cancelled);
  expect([suspected, ofUnknownMaker]).toEqual([[], []]);
  await expect(attend([sent])).rejects.toBe(sent);
  expect([suspected, ofUnknownMaker]).toEqual([[], ['ensureThing']]);
});

test.each([
  ['a lost answer may have been its own', { unsure: true, changed: false }, true, ['ensureThing'], []],
  ['what it has changed is its own', { unsure: false, changed: true }, true, ['ensureThing'], []],
  ['what had no effect is not taken back', { unsure: false, changed: false }, true, [], []],
  ['a run of an older version looks at it all the same', { unsure: false, changed: false }, false, [], ['ensureThing']],
])('of a step that is cancelled and reports its tries: %s', async (_words, effect, heeds, ...expected) => {
  const { suspected, ofUnknownMaker, attend } = attended({ heeds });

  await expect(attend([cancelledStep({ attempts: 2, apiCalls: 4, ...effect })])).rejects.toThrow('sent');

  expect([suspected, ofUnknownMaker]).toEqual(expected);
});

test('a check has no effect, whatever happens to it', async () => {
  const { asked, suspected, attend } = attended();

  await attend([failed(Unavailable), failed(Forbidden, 2)], 'lookUp');

  expect([asked, suspected]).toEqual([[false, false], []]);
});

test('once it is done it is known, and a repeat begins as if nothing had befallen it', async () => {
  const { asked, attend } = attended();
  await attend([failed(Unavailable)]);

  await attend([failed(Forbidden)]);

  expect(asked).toEqual([true, false]);
});
