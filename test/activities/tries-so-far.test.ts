import { describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { defaultDataConverter } from '@temporalio/common/lib/converter/data-converter.js';
import proto from '@temporalio/proto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createTriesSoFarActivities, type TriesSoFar } from '../../activities/tries-so-far.js';
import { silent } from '../support/activity-environment.js';

type Pending = proto.temporal.api.workflow.v1.IPendingActivityInfo;

const { PENDING_ACTIVITY_STATE_SCHEDULED: WAITS, PENDING_ACTIVITY_STATE_STARTED: RUNS } =
  proto.temporal.api.enums.v1.PendingActivityState;
const { payloadConverter, failureConverter } = defaultDataConverter;
const { triesSoFar } = createTriesSoFarActivities();

/** What is reported of the tries of `step-7`, when each look at the run shows these. */
async function reported(...looks: (readonly Pending[])[]) {
  let look = 0;
  const describe = async () => ({ raw: { pendingActivities: looks[Math.min(look++, looks.length - 1)] } });
  const withAbortSignal = async (_signal: AbortSignal, act: () => Promise<unknown>) => await act();
  const client = {
    withAbortSignal,
    workflow: { getHandle: () => ({ describe }) },
    options: { loadedDataConverter: defaultDataConverter },
  } as unknown as Client;
  const environment = new MockActivityEnvironment({}, { logger: silent, client });
  const said: TriesSoFar | null = await environment.run(triesSoFar, { activityId: 'step-7' });
  return { said, looks: look };
}

const time = { seconds: 1_700_000_000 as never, nanos: 250_000_000 };

function failedWith(error: Error): Pending {
  const lastFailure = failureConverter.errorToFailure(error, payloadConverter);
  return { activityId: 'step-7', state: WAITS, attempt: 3, lastFailure, nextAttemptScheduleTime: time };
}

const dead = failedWith(new TimeoutFailure('no heartbeat', undefined, TimeoutType.HEARTBEAT));

describe('of the tries of a step that waits for its next one', () => {
  test('the last one says itself what it has done', async () => {
    const facts = { attempts: 2, apiCalls: 5, changed: true };
    const other = { ...dead, activityId: 'step-8' };

    const { said } = await reported([other, failedWith(ApplicationFailure.create({ details: [facts] }))]);

    expect(said).toEqual({ facts, nextAt: 1_700_000_000_250 });
  });

  test('one whose worker died may have taken effect', async () => {
    const { said } = await reported([dead]);

    expect(said?.facts).toEqual({ attempts: 2, apiCalls: 0, changed: false, unsure: true });
  });

  test.each([
    ['a failure without facts', failedWith(ApplicationFailure.create({ message: 'no facts' }))],
    ['a failure with something else', failedWith(ApplicationFailure.create({ details: ['no facts'] }))],
    ['a failure of another kind', failedWith(new Error('no facts'))],
    ['no failure yet', { activityId: 'step-7', state: WAITS }],
  ])('%s says nothing', async (_what, pending) => {
    expect((await reported([pending])).said).toBeNull();
  });

  test('the next one begins when it was scheduled for, unless there is another time', async () => {
    const { nextAttemptScheduleTime: _, ...rest } = dead;
    const at = async (times: Pending) => (await reported([{ ...rest, ...times }])).said?.nextAt;

    expect(await at({ scheduledTime: time })).toBe(1_700_000_000_250);
    expect(await at({ nextAttemptScheduleTime: time, scheduledTime: { seconds: 1 as never } })).toBe(1_700_000_000_250);
    expect(await at({})).toBe(0);
  });
});

describe('a try that runs', () => {
  const running = { ...dead, state: RUNS };

  test('is waited for, and then counts', async () => {
    expect(await reported([running], [running], [dead])).toMatchObject({ said: { facts: { unsure: true } }, looks: 3 });
  });

  test('is waited for only briefly', async () => {
    expect(await reported([running])).toEqual({ said: null, looks: 8 });
  });

  test('that has ended says nothing', async () => {
    expect(await reported([running], [])).toEqual({ said: null, looks: 2 });
  });
});
