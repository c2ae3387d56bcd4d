import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { showStarted, showToEnd } from '../../client/cli/follow.js';
import { printedBy } from '../support/printed.js';

const DAY_MS = 86_400_000;
const id = 'offboardCustomer:jane';
const restoring = { window: '', mayBringBack: [], doesNotBringBack: [] };
const common = { operation: 'offboardCustomer', id, steps: [], startedAt: 'a', updatedAt: 'b', tenantId: 'the-tenant' };

/** An offboarding whose grace ends after so many milliseconds; it is over at the third look. */
function offboardingFor(graceMs: number, state = 'running'): Client {
  const until = new Date(Date.now() + graceMs).toISOString();
  const grace = { disabledAt: 'noon', until, next: `deleted at ${until}`, restoring };
  const completed = { ...common, state: 'completed', apiCalls: 2, changed: true };
  let looks = 0;
  const query = async () =>
    (looks += 1) < 3 ? { ...common, state, grace, reason: { type: 'Cancelled', message: 'no' } } : completed;
  const name = () => (looks < 3 ? 'RUNNING' : 'COMPLETED');
  const describe = async () => ({ status: { name: name() }, raw: {}, workflowId: id, runId: 'one' });
  const workflow = { getHandle: () => ({ describe, query, result: async () => completed }) };
  const options = { loadedDataConverter: { payloadCodecs: [] } };
  return { workflow, options, withDeadline: async (_at: number, ask: () => Promise<unknown>) => await ask() } as never;
}

test('an offboarding of 30 days returns when its grace begins, and says how long that is', async () => {
  const { result, stdout, stderr } = await printedBy(() =>
    showStarted(offboardingFor(30 * DAY_MS), { id }, 'tenantry'),
  );

  expect(result).toBe(0);
  expect(stdout).toMatch(/^ {2}disabled at noon; next: deleted at \d{4}-/m);
  expect(stderr).toMatch(
    /^The grace lasts until \d{4}-\S+Z\. The run goes on\. See it again with: tenantry status offboardCustomer:jane$/m,
  );
});

test.each([
  ['a grace of seconds', async () => await showStarted(offboardingFor(5000), { id }, 'tenantry')],
  [
    'a grace of days with --wait',
    async () => await showStarted(offboardingFor(DAY_MS), { id }, 'tenantry', { wait: '2 days' }),
  ],
  ['a grace of days with watch', async () => await showToEnd(offboardingFor(DAY_MS), { id }, 'tenantry')],
])('%s is followed to its end', async (_what, show) => {
  const { result, stdout } = await printedBy(show);

  expect(result).toBe(0);
  expect(stdout).toMatch(/completed\nresult: tenant the-tenant\n$/);
});

test('--wait that is over says in which state the run is', async () => {
  const show = async () => await showStarted(offboardingFor(DAY_MS, 'undoing'), { id }, 'tenantry', { wait: '1ms' });

  const { result, stderr } = await printedBy(show);

  expect(result).toBe(3);
  expect(stderr).toContain('It is undoing still. The run goes on.');
});
