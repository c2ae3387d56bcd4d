import { describe, expect, test } from '@jest/globals';
import { pause } from '../support/pause.js';
import { decideFor, waitForState, refusalMessage } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { bundleWith } from '../support/other-version.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { afresh: true });
const order = () => anOrder({ onFailure: 'ask' });
const change = { file: 'decisions/refusals.js', find: '} is missing: say ${', replace: '} is missing: tell us ${' };
const present = { code: undefined, says: 'reason is missing: say why' };
const next = { code: bundleWith(change), says: 'reason is missing: tell us why' };
const SIXTY_DAYS_MS = 60 * 86_400_000;

/** A run that is blocked at a step which may be skipped; the worker that saw it block is gone. */
async function blocked() {
  const input = order();
  env.simulator.faults.next('PUT /tenants/{id}/mfa/status', { refuse: 403 });
  const handle = await env.start(input);
  await waitForState(handle, 'blocked');
  env.stopWorker();
  return { input, handle };
}

describe.each([
  ['after the worker was restarted', present, 0],
  ['after a new version was deployed', next, 0],
  ['after 60 days and a new version', next, SIXTY_DAYS_MS],
] as const)('%s', (_when, { code, says }, ms) => {
  test.each([
    ['retry', 'completed', 'done', 'enabled'],
    ['amend', 'completed', 'skipped', 'disabled'],
    ['skip', 'completed', 'skipped', 'disabled'],
    ['abort', 'undone', 'failed', undefined],
  ] as const)('%s does what it does at once', async (choice, state, step, twoFactor) => {
    const { input, handle } = await blocked();

    env.replaceWorker(code === undefined ? {} : { code });
    await pause(ms);
    expect(await refusalMessage(decideFor(handle, choice, { reason: '' }))).toBe(says);
    await decideFor(handle, choice, choice === 'amend' ? { input: { ...input, twoFactor: false } } : {});
    const status = await statusAtEnd(handle);

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

  env.replaceWorker();
  const answers = await answered;

  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const [, lost] = answers.toSorted((a, b) => a.status.localeCompare(b.status)) as [unknown, PromiseRejectedResult];
  const sentence = await refusalMessage(Promise.reject(lost.reason as Error));
  expect(sentence).toMatch(
    /^nothing waits for a decision: (ann|bob) \(not verified\) chose (skip|abort) for requireTwoFactor .*because/,
  );
});
