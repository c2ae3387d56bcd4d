import { beforeAll, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import {
  decideForAll,
  runsBlockedFor,
  type CauseOrder,
  type ChoiceForAll,
  type OutcomeOfRun,
} from '../../client/cause-decisions.js';
import { decide } from '../../client/decisions.js';
import type { ListedRun } from '../../client/list.js';
import { TenantryError } from '../../contract/errors.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { decideFor, waitForState } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const cause = { step: 'assignRole', type: 'Acronis.Forbidden' };
const forbidden = { refuse: 403, message: 'not for you' } as const;
const names = ['stays', 'completes', 'is undone', 'is blocked elsewhere', 'goes on'] as const;
const handles = new Map<string, WorkflowHandle>();
let chosen: ListedRun[];

beforeAll(async () => {
  for (const name of names) {
    env.simulator.faults.next('PUT /users/{id}/access_policies', forbidden);
    const handle = await env.start(anOrder({ onFailure: 'ask' }), name);
    await waitForState(handle, 'blocked');
    handles.set(name, handle);
  }
  chosen = await runsBlockedFor(env.client, cause);
});

async function outcomesOf(choice: ChoiceForAll, more: Partial<CauseOrder> = {}): Promise<OutcomeOfRun[]> {
  const { client, taskQueue } = env;
  const request = { actor: 'ann', reason: 'the right was granted' };
  const decideOne = async (id: string) => await decide(client, { id, choice, request, taskQueue });
  const outcomes: OutcomeOfRun[] = [];
  for await (const one of decideForAll(client, { cause, runs: chosen, taskQueue, decideFor: decideOne, ...more }))
    outcomes.push(one);
  return outcomes;
}

test('the runs of a cause are blocked at its step, for its type, and are of the operations that one may see', async () => {
  const found = async (one: typeof cause, operations?: string[]) =>
    (await runsBlockedFor(env.client, one, operations)).map(({ id }) => id);

  expect(await found(cause)).toEqual(names);
  expect(await found(cause, ['provisionCustomer'])).toEqual(names);
  expect(await found(cause, ['enableTenant'])).toEqual([]);
  expect(await found({ ...cause, step: 'checkLogin' })).toEqual([]);
  expect(await found({ ...cause, type: 'Acronis.Quota' })).toEqual([]);
});

test('what a run refuses comes with its sentence, and changes nothing', async () => {
  const outcomes = await outcomesOf('skip');

  const message = 'assignRole cannot be skipped, because later steps need its result';
  expect(outcomes).toEqual(names.map((id) => ({ id, outcome: 'refused', message })));
});

test('a run of another operation is refused before it is asked', async () => {
  const message = 'provisionCustomer is not among enableTenant';

  expect(await outcomesOf('abort', { operations: ['enableTenant'] })).toEqual(
    names.map((id) => ({ id, outcome: 'refused', message })),
  );
});

test('when no run answers, the others are not asked', async () => {
  const decideNone = async () => await Promise.reject(new TenantryError('unavailable', 'no worker answers'));
  const many = Array.from({ length: 12 }, () => chosen[0]!);

  const outcomes = await outcomesOf('retry', { runs: many, decideFor: decideNone });

  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    ...Array.from({ length: 10 }, () => 'unknown'),
    'notAsked',
    'notAsked',
  ]);
});

test('each run is decided for only if it is still blocked for this cause', async () => {
  await decideFor(handles.get('completes')!, 'retry');
  await statusAtEnd(handles.get('completes')!);
  await decideFor(handles.get('is undone')!, 'abort');
  await statusAtEnd(handles.get('is undone')!);
  env.simulator.faults.next('POST /users/{id}/send-activation-email', forbidden);
  const elsewhere = handles.get('is blocked elsewhere')!;
  await decideFor(elsewhere, 'retry');
  await waitForState(elsewhere, 'blocked');

  const earlier = { id: 'goes on', runId: 'an earlier run' };
  const outcomes = await outcomesOf('retry', { runs: [...chosen, earlier] });

  expect(outcomes).toEqual([
    { id: 'stays', outcome: 'decided', message: 'retry accepted for assignRole' },
    { id: 'completes', outcome: 'ended', message: 'it is completed' },
    { id: 'is undone', outcome: 'ended', message: 'it is undone' },
    {
      id: 'is blocked elsewhere',
      outcome: 'changed',
      message: expect.stringMatching(/^it is blocked at sendActivationEmail now: Acronis.Forbidden: /) as unknown,
    },
    { id: 'goes on', outcome: 'decided', message: 'retry accepted for assignRole' },
    { id: 'goes on', outcome: 'ended', message: 'it has ended, and another run has begun' },
  ]);
  expect(await statusAtEnd(handles.get('stays')!)).toMatchObject({
    state: 'completed',
    decisions: [{ choice: 'retry', actor: 'ann', reason: 'the right was granted' }],
  });
  expect((await waitForState(elsewhere, 'blocked')).decisions).toHaveLength(1);
});
