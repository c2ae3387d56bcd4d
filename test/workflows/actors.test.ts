import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { decideOnBrake } from '../../client/brake.js';
import { cancelRun, decide } from '../../client/decisions.js';
import { blockName, type ActorProof } from '../../contract/actors.js';
import { BRAKE_WORKFLOW, startOfBrake, type BrakeStatus } from '../../contract/brake.js';
import type { Choice, Decision } from '../../contract/decisions.js';
import type { OperationStatus } from '../../contract/status.js';
import { viewOf } from '../../contract/view.js';
import { decisionSigner } from '../../vault/actor-proofs.js';
import { actorKeys, sign } from '../support/actor-keys.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { decideFor, refusalMessage, startBlockedAt, waitForState, waitUntil } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { actorKeys });
const ROLE = 'PUT /users/{id}/access_policies';
const because = { actor: 'ann', reason: 'right granted' };

const blocked = async () => await startBlockedAt(env, ROLE);
/** What the gateway does for a key of this name. */
const decideAs = async (actor: string, { workflowId: id }: WorkflowHandle, choice: Choice = 'retry') =>
  await decide(env.client, { id, choice, request: { ...because, actor }, taskQueue: env.taskQueue, sign });

/** The proof that the gateway would make for a run as it is now. */
async function proofFor(handle: WorkflowHandle, { signer = sign, choice = 'retry' } = {}): Promise<ActorProof> {
  const status = await handle.query<OperationStatus>('status');
  const about = status.state === 'blocked' ? blockName(status.blocked) : undefined;
  const { runId } = await handle.describe();
  return signer({ workflowId: handle.workflowId, runId, choice, about, request: because });
}
const send = async (handle: WorkflowHandle, proof: unknown, more: object = {}) =>
  await handle.executeUpdate<Decision, [object]>('retry', { args: [{ ...because, proof, ...more }] });
const NOT_THIS =
  /^the proof of the actor is of another decision, run or block, or was changed: send the decision again/;

describe('a blocked run', () => {
  test('says that the actor is verified when the gateway has signed who decides', async () => {
    const { handle } = await blocked();

    expect(await decideAs('ann', handle)).toMatchObject({ choice: 'retry', actor: 'ann', verified: true });

    const status = await statusAtEnd(handle);
    expect(status).toMatchObject({ state: 'completed', decisions: [{ actor: 'ann', verified: true }] });
    expect(viewOf(status).decisions[0]).toContain('ann (verified) chose retry for assignRole: right granted');
  });

  test('verifies nobody without a proof, whatever the sender says', async () => {
    const { handle } = await blocked();

    expect(await send(handle, undefined, { verified: true })).toMatchObject({ verified: false });

    expect(viewOf(await statusAtEnd(handle)).decisions[0]).toContain('ann (not verified) chose retry');
  });

  test('refuses a proof that does not fit, and waits on', async () => {
    const { handle } = await blocked();
    const stale = decisionSigner(actorKeys, () => Date.now() - 6 * 60_000);
    const proof = await proofFor(handle);

    expect(await refusalMessage(send(handle, proof, { actor: 'bob' }))).toMatch(NOT_THIS);
    expect(await refusalMessage(send(handle, proof, { reason: 'another' }))).toMatch(NOT_THIS);
    expect(await refusalMessage(send(handle, await proofFor(handle, { choice: 'abort' })))).toMatch(NOT_THIS);
    expect(await refusalMessage(send(handle, await proofFor(handle, { signer: stale })))).toMatch(/clocks of gateway/);
    expect(await refusalMessage(send(handle, 'ann'))).toMatch(/^proof: is none of the gateway/);

    const status = await waitForState(handle, 'blocked');
    expect(status.decisions).toBeUndefined();
    expect(await send(handle, proof)).toMatchObject({ verified: true });
    await statusAtEnd(handle);
  });

  test('refuses a proof that somebody has copied from its history, or from another run', async () => {
    const [{ handle }, other] = [await blocked(), await blocked()];
    const proof = await proofFor(handle);
    env.simulator.faults.next(ROLE, { refuse: 403, message: 'still not for you' });
    await send(handle, proof);
    await waitUntil(async () => {
      const status = await handle.query<OperationStatus>('status');
      return status.state === 'blocked' && status.blocked.message.includes('still not for you');
    });

    expect(await refusalMessage(send(handle, proof))).toMatch(/^the proof of the actor has counted already: /);
    expect(await refusalMessage(send(other.handle, proof))).toMatch(NOT_THIS);

    for (const one of [handle, other.handle]) {
      await decideAs('ann', one, 'abort');
      expect(await statusAtEnd(one)).toMatchObject({
        state: 'undone',
        reason: { message: expect.stringContaining('ann (verified) gave up: right granted') as unknown },
      });
    }
  });

  test('takes the decision that comes first, also when the proof of another one is being checked', async () => {
    const { handle } = await blocked();
    const proof = await proofFor(handle);

    const [first, second] = await Promise.allSettled([decideFor(handle, 'abort'), send(handle, proof)]);

    expect(first.status).toBe('fulfilled');
    expect(second.status).toBe('rejected');
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', decisions: [{ choice: 'abort' }] });
  });
});

describe('a cancelled run', () => {
  const cancelled = (by: string) => ({ reason: { message: `the run was cancelled by ${by}: right granted` } });
  const end = async ({ workflowId, ...handle }: WorkflowHandle) => {
    await handle.result().catch(() => undefined);
    return await env.client.workflow.getHandle(workflowId).query<OperationStatus>('status');
  };

  test('says whether the one who has cancelled it is verified', async () => {
    const [{ handle }, other, forged] = [await blocked(), await blocked(), await blocked()];
    const by = { ...because, actor: 'bob', proof: await proofFor(forged.handle, { choice: 'cancelling' }) };

    await cancelRun(env.client, handle.workflowId, because, sign);
    await cancelRun(env.client, other.handle.workflowId, because);
    await cancelRun(env.client, forged.handle.workflowId, by);

    expect(await end(handle)).toMatchObject(cancelled('ann (verified)'));
    expect(await end(other.handle)).toMatchObject(cancelled('ann (not verified)'));
    expect(await end(forged.handle)).toMatchObject(cancelled('bob (not verified)'));
  });
});

test('the grace of an offboarding keeps whether the actor is verified', async () => {
  const tenantId = env.simulator.world.addTenant({ name: 'Leaving' });
  const order = { tenant: { id: tenantId }, grace: '30 days', confirm: 'Leaving' };
  const handle = await env.begin('offboardCustomer', order, 'offboardCustomer:leaving');
  const status = async () => await handle.query<OperationStatus>('status');
  await waitUntil(async () => (await status()).grace !== undefined);
  const [id, taskQueue] = [handle.workflowId, env.taskQueue];

  await decide(env.client, { id, choice: 'hold', request: because, taskQueue, sign });

  expect((await status()).grace?.next).toBe('nothing until "release" (ann (verified): right granted)');
  const proof = await proofFor(handle, { choice: 'restore' });
  const release = async () => await handle.executeUpdate('release', { args: [{ ...because, proof }] });
  expect(await refusalMessage(release())).toMatch(NOT_THIS);
  await decide(env.client, { id, choice: 'restore', request: because, taskQueue, sign });
  expect(await statusAtEnd(handle)).toMatchObject({
    decisions: [
      { choice: 'hold', verified: true },
      { choice: 'restore', verified: true },
    ],
  });
});

test('the brake keeps whether the actor is verified, and believes no memory that somebody has made up', async () => {
  const cloud = 'default';
  const made = {
    version: 1,
    decisions: [{ choice: 'engage', ...because, verified: true, at: '2026-01-01', answered: 0 }],
  };
  const { workflowId, ...options } = startOfBrake(cloud, env.taskQueue);
  const handle = await env.client.workflow.start(BRAKE_WORKFLOW, { workflowId, ...options, args: [{ cloud }, made] });
  const status = async () => await handle.query<BrakeStatus>('brake');
  await handle.executeUpdate('engage', { args: [because] });

  await decideOnBrake(
    env.client,
    { cloud, choice: 'release', request: { ...because, all: true }, sign },
    env.taskQueue,
  );

  expect((await status()).decisions.map(({ choice, verified }) => [choice, verified])).toEqual([
    ['engage', false],
    ['engage', false],
    ['release', true],
  ]);
  await handle.terminate();
});
