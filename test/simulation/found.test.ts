import { expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { bundlePath } from '../../worker/bundle.js';
import { findProblems } from './find-problems.js';
import { expectedEnds } from './expected-ends.js';
import { cleanPlan, type Plan } from './plan.js';
import { activityNames, simulate } from './simulate.js';
import { payload } from './service.js';
import { initializeJob, openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const refused: Plan['faults'][number] = { call: 9, fault: { refuse: 403 } };

/** Plans that once showed a bug, found by the matrix or by chaos. */
const found: [what: string, plan: Partial<Plan>, state: string][] = [
  [
    'a run that is cancelled in its very first task says that it was cancelled',
    { faults: [{ call: 3, fault: { refuse: 409 } }], cancel: { call: 3, when: 'during' } },
    'cancelled',
  ],
  [
    'a run is cancelled although the call in flight failed and is not tried again',
    { faults: [{ call: 5, fault: { refuse: 503 } }], cancel: { call: 5, when: 'before' } },
    'cancelled',
  ],
  [
    'a run that is to keep what it made undoes it all the same when it is cancelled',
    { onFailure: 'keep', faults: [{ call: 7, fault: { refuse: 503 } }], cancel: { call: 7, when: 'before' } },
    'cancelled',
  ],
  [
    'a tenant whose creation was answered is removed although it is listed late',
    { faults: [{ call: 5, fault: { stale: 2 } }], cancel: { call: 5, when: 'after' } },
    'cancelled',
  ],
  [
    'a tenant that is out of sight for a moment is not taken for removed',
    { faults: [refused, { call: 14, fault: { refuse: 404 } }] },
    'undone',
  ],
  [
    'no third mail is sent while Temporal has not heard of the second',
    {
      operation: 'addUser',
      faults: [{ call: 9, fault: 'garble' }],
      kills: [{ call: 4, when: 'before' }],
      absences: [{ call: 10, ms: 2000 }],
    },
    'completed',
  ],
  [
    'a user that somebody has made just before counts as the one that was ordered, beside another stranger',
    {
      strangers: [
        { call: 6, act: 'moves in' },
        { call: 7, act: 'does the same' },
      ],
    },
    'completed',
  ],
  [
    'a worker that dies during the second mail has not forgotten that there were two',
    {
      faults: [
        { call: 10, fault: 'commit-then-drop' },
        { call: 11, fault: { delay: 3000 } },
      ],
      kills: [{ call: 12, when: 'during' }],
    },
    'completed',
  ],
  [
    'a run whose worker died twice while it sent the mail is complete, although the mail may be missing',
    {
      kills: [
        { call: 10, when: 'before' },
        { call: 13, when: 'before' },
      ],
    },
    'completed',
  ],
  [
    'what a person set after a look had shown it missing is not taken back for a lost call',
    {
      operation: 'lockTenant',
      onFailure: 'ask',
      seed: 0,
      faults: [
        { call: 2, fault: { refuse: 403, code: 1022, message: 'quota exceeded', bare: true } },
        { call: 14, fault: 'drop-before' },
      ],
      kills: [{ call: 6, when: 'before' }],
      cancel: { call: 15, when: 'before' },
      strangers: [
        { call: 17, act: 'does the same' },
        { call: 1, act: 'moves in' },
      ],
    },
    'cancelled',
  ],
];

test.each(found)('%s', async (_what, plan, state) => {
  const played = await simulate(sandbox, cleanPlan('provisionCustomer', 'example', plan));

  expect(played.status.state).toBe(state);
  expect(await findProblems(played, expectedEnds(sandbox))).toEqual([]);
});

test('a partner whose turn cannot be taken in time is left out although it is not known who has it', async () => {
  const spec = {
    cloud: 'default',
    tenantId: 'partner-1',
    parentTenantId: 'folder-1',
    name: 'Busy',
    turnWithin: '1 second',
  };
  const run = { workflowType: 'updatePartner', workflowId: 'one', runId: 'run-0001-0000-0000', taskTimeoutMs: 5000 };
  const beginning = { ...run, arguments: [payload(spec)], at: 0 };
  const instance = await sandbox.begin(beginning);
  const begun = await instance.activate([initializeJob(beginning)], { at: 0, replaying: false, historyLength: 3 });
  const timer = begun.find(({ startTimer }) => startTimer)!.startTimer!;
  const { seq, workflowId, workflowType } = begun.find(
    (one) => one.startChildWorkflowExecution,
  )!.startChildWorkflowExecution!;
  const taken = { workflowId: workflowId!, workflowType: workflowType!, cause: 1 };

  const commands = await instance.activate(
    [{ fireTimer: { seq: timer.seq! } }, { resolveChildWorkflowExecutionStart: { seq: seq!, failed: taken } }],
    { at: 1000, replaying: false, historyLength: 6 },
  );

  const { result } = commands.find((one) => one.completeWorkflowExecution)!.completeWorkflowExecution!;
  expect(defaultPayloadConverter.fromPayload(result!)).toEqual({
    outcome: 'skipped',
    reason: 'its turn did not come in time',
    apiCalls: 0,
  });
  await instance.dispose();
});

test('an input that a busy worker has not read in time is read again', async () => {
  const run = { workflowType: 'disableTenant', workflowId: 'one', runId: 'run-0001-0000-0000', taskTimeoutMs: 5000 };
  const beginning = { ...run, arguments: [payload({ tenant: { name: 'Busy' } })], at: 0 };
  const instance = await sandbox.begin(beginning);
  const begun = await instance.activate([initializeJob(beginning)], { at: 0, replaying: false, historyLength: 3 });
  const { seq } = begun.find(({ scheduleLocalActivity }) => scheduleLocalActivity)!.scheduleLocalActivity!;
  const cause = { message: 'activity start-to-close timeout', timeoutFailureInfo: { timeoutType: 1 } };
  const failure = { message: 'late', activityFailureInfo: { activityType: { name: 'readInput' } }, cause };

  const late = await instance.activate(
    [{ resolveActivity: { seq: seq!, isLocal: true, result: { failed: { failure } } } }],
    { at: 10_000, replaying: false, historyLength: 6 },
  );
  const { seq: timer } = late.find(({ startTimer }) => startTimer)!.startTimer!;
  const again = await instance.activate([{ fireTimer: { seq: timer! } }], {
    at: 11_000,
    replaying: false,
    historyLength: 9,
  });

  expect(again.map(({ scheduleLocalActivity }) => scheduleLocalActivity?.activityType)).toContain('readInput');
  await instance.dispose();
});
