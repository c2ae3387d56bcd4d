import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { GraceChoice } from '../../contract/decisions.js';
import type { OperationStatus } from '../../contract/status.js';
import { pause } from '../support/pause.js';
import { waitUntil, refusalMessage } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { afresh: true });
const DAY_MS = 86_400_000;

const statusOf = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');

/** A customer that is disabled, with a grace of thirty days. */
async function inGrace(): Promise<WorkflowHandle> {
  const tenantId = env.simulator.world.addTenant({ name: 'Leaving' });
  const order = { tenant: { id: tenantId }, grace: '30 days', confirm: 'Leaving' };
  const handle = await env.begin('offboardCustomer', order, 'leaving');
  await waitUntil(async () => (await statusOf(handle)).grace !== undefined);
  return handle;
}

async function decide(handle: WorkflowHandle, choice: GraceChoice, more: object = {}): Promise<void> {
  const request = { actor: 'ann', reason: 'because', ...more };
  await handle.executeUpdate(choice, { args: [request] });
}

/** Days from disabling to deleting. */
function days({ grace }: OperationStatus): number {
  return (Date.parse(grace!.deletedAt!) - Date.parse(grace!.disabledAt)) / DAY_MS;
}

const tenants = () => env.simulator.world.tenants().filter(({ name }) => name === 'Leaving');

test('a customer is disabled for thirty days, then deleted, and its last report is kept', async () => {
  const handle = await inGrace();
  expect(tenants()).toMatchObject([{ enabled: false }]);
  expect((await statusOf(handle)).grace).toMatchObject({
    disabledAt: expect.stringMatching(/^\d{4}-/),
    until: expect.stringMatching(/^\d{4}-/),
    next: expect.stringMatching(/^it is deleted at \d{4}-/),
    restoring: { window: expect.stringContaining('nothing is promised') },
  });
  const status = await statusAtEnd(handle);

  expect(status).toMatchObject({ state: 'completed', changed: true });
  expect(days(status)).toBeGreaterThan(30);
  expect(days(status)).toBeLessThan(30.1);
  expect(status.grace?.next).toBeUndefined();
  expect(tenants()).toEqual([]);
  expect(env.artefacts).toMatchObject([{ name: expect.stringMatching(/usage_current-.*\.csv$/) }]);
  expect(env.simulator.world.reports()).toEqual([]);
});

describe('while the grace runs', () => {
  test('it can be made to end later', async () => {
    const handle = await inGrace();
    await decide(handle, 'extendGrace', { by: '10 days' });
    const status = await statusAtEnd(handle);

    expect(status).toMatchObject({ state: 'completed', decisions: [{ choice: 'extendGrace', actor: 'ann' }] });
    expect(Math.floor(days(status))).toBe(40);
  });

  test('a hold stops its time until the release', async () => {
    const handle = await inGrace();
    await pause(10 * DAY_MS);
    await decide(handle, 'hold', { reason: 'a dispute' });
    await waitUntil(async () => (await statusOf(handle)).grace?.heldSince !== undefined);
    expect((await statusOf(handle)).grace).toMatchObject({
      next: 'nothing until "release" (ann (not verified): a dispute)',
    });
    await pause(60 * DAY_MS);
    expect(tenants()).toMatchObject([{ enabled: false }]);
    await decide(handle, 'release');
    const status = await statusAtEnd(handle);

    expect(status).toMatchObject({ state: 'completed', decisions: [{ choice: 'hold' }, { choice: 'release' }] });
    expect(Math.floor(days(status))).toBe(90);
  });

  test('a restore leaves the tenant as it was, and the status says who restored it and why', async () => {
    const handle = await inGrace();
    await decide(handle, 'restore', { reason: 'it stays with us' });
    const status = await statusAtEnd(handle);

    expect(status).toMatchObject({
      state: 'undone',
      reason: { step: 'grace', message: 'ann (not verified) took it back: it stays with us' },
      decisions: [{ choice: 'restore' }],
    });
    expect(tenants()).toMatchObject([{ enabled: true }]);
  });

  test('a cancel enables the tenant again', async () => {
    const handle = await inGrace();
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();

    expect(tenants()).toMatchObject([{ enabled: true }]);
  });

  test('what makes no sense is refused at once, and says why', async () => {
    const handle = await inGrace();
    const refused = async (choice: GraceChoice, more: object) =>
      await refusalMessage(handle.executeUpdate(choice, { args: [{ actor: 'ann', reason: 'because', ...more }] }));
    const refusals = [
      await refused('hold', { reason: ' ' }),
      await refused('release', {}),
      await refused('extendGrace', {}),
      await refused('extendGrace', { by: 'a while' }),
      await refused('extendGrace', { by: '-3 days' }),
    ];
    await decide(handle, 'hold', {});
    refusals.push(await refused('hold', { actor: 'bob' }));
    await decide(handle, 'restore', {});
    await statusAtEnd(handle);

    expect(refusals).toEqual([
      'reason is missing: say why',
      'nobody holds it',
      expect.stringMatching(/^by: must be a duration/),
      expect.stringMatching(/^by: must be a duration/),
      expect.stringMatching(/^by: must be a duration/),
      'held already: ann (not verified): because',
    ]);
  });
});
