import { beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { bundlePath } from '../../worker/bundle.js';
import type { Choice } from '../../contract/decisions.js';
import { decideFor, waitForState, refusalMessage } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTimeSkippingEnvironment } from '../support/time-skipping-environment.js';
import { anOrder } from '../support/orders.js';
import { bundleOfOtherVersion } from '../support/other-version.js';

const env = useTimeSkippingEnvironment();
const order = () => anOrder({ onFailure: 'ask' });
const present = { workflowBundle: { codePath: bundlePath }, says: 'reason is missing: say why' };
const next = { workflowBundle: { code: '' }, says: 'reason is missing: tell us why' };

beforeAll(async () => {
  const change = { file: 'decisions/refusals.js', find: 'is missing: say ', replace: 'is missing: tell us ' };
  next.workflowBundle.code = await bundleOfOtherVersion(change);
});

/** A run that is blocked at a step which may be skipped; the worker that saw it block is gone. */
async function blocked() {
  const input = order();
  env.simulator.faults.next('PUT /tenants/{id}/mfa/status', { refuse: 403 });
  const handle = await env.withWorker(async () => {
    const started = await env.start(input);
    await waitForState(started, 'blocked');
    return started;
  });
  return { input, handle };
}

/** Decides without waiting for the answer, which this server at times keeps to itself for a minute. */
async function take(handle: WorkflowHandle, choice: Choice, more: object): Promise<void> {
  const request = { actor: 'ann', reason: 'because', ...more };
  await handle.startUpdate(choice, { args: [request], waitForStage: 'ACCEPTED' });
}

describe.each([
  ['after the worker was restarted', present, undefined],
  ['after a new version was deployed', next, undefined],
  ['after 60 days and a new version', next, '60 days'],
] as const)('%s', (_when, version, pause) => {
  test.each([
    ['retry', 'completed', 'done', 'enabled'],
    ['amend', 'completed', 'skipped', 'disabled'],
    ['skip', 'completed', 'skipped', 'disabled'],
    ['abort', 'undone', 'failed', undefined],
  ] as const)('%s does what it does at once', async (choice, state, step, twoFactor) => {
    const { input, handle } = await blocked();

    const status = await env.withWorker(async () => {
      if (pause !== undefined) await env.temporal.sleep(pause);
      expect(await refusalMessage(decideFor(handle, choice, { reason: '' }))).toBe(version.says);
      await take(handle, choice, choice === 'amend' ? { input: { ...input, twoFactor: false } } : {});
      return await statusAtEnd(handle);
    }, version.workflowBundle);

    expect(status).toMatchObject({ state, decisions: [{ choice, step: 'requireTwoFactor', actor: 'ann' }] });
    expect(status.steps.find(({ name }) => name === 'requireTwoFactor')).toMatchObject({ state: step });
    expect(env.simulator.world.tenant(status.tenantId!)?.['mfa_status']).toBe(twoFactor);
    expect(env.simulator.journal.calls('POST /tenants')).toHaveLength(1);
  });
});

test('two people who decide while no worker runs: one wins, the other reads who decided and why', async () => {
  const { handle } = await blocked();
  const decisions = [decideFor(handle, 'skip', { actor: 'ann' }), decideFor(handle, 'abort', { actor: 'bob' })];
  const answered = Promise.allSettled(decisions);

  const answers = await env.withWorker(() => answered);

  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const [, lost] = answers.toSorted((a, b) => a.status.localeCompare(b.status)) as [unknown, PromiseRejectedResult];
  const sentence = await refusalMessage(Promise.reject(lost.reason as Error));
  expect(sentence).toMatch(
    /^nothing waits for a decision: (ann|bob) \(not verified\) chose (skip|abort) for requireTwoFactor .*because/,
  );
});
