import { expect, test } from '@jest/globals';
import type { OperationStatus } from '../../contract/status.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const { tenantry } = env;
const TWO_FACTOR = 'PUT /tenants/{id}/mfa/status';
const input = ['--input', '-'];
const status = (text: string) => JSON.parse(text) as OperationStatus;

/** A run that is blocked at a step which may be skipped, started by a person who sees it block. */
async function blocked() {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next(TWO_FACTOR, { refuse: 403, message: 'not for you' });
  const started = await tenantry(['run', 'provisionCustomer', ...input], {}, JSON.stringify(order));
  return { order, id: `provisionCustomer:${order.customer['customerId'] as string}`, started };
}

test('a run that blocks says what to type, and exits with 4', async () => {
  const { id, started } = await blocked();

  expect(started.code).toBe(4);
  expect(started.stdout).toMatch(/waits at requireTwoFactor since \d{4}-/);
  expect(started.stdout).toContain(`tenantry skip ${id} --reason "…"`);
});

test('the list of blocked runs says which, why, since when, and the exact command to type', async () => {
  const { id } = await blocked();

  const list = await tenantry(['list', '--state', 'blocked']);

  expect(list.stdout).toMatch(new RegExp(`^${id}  Acronis.Forbidden: .*not for you`, 'm'));
  const [, command] = new RegExp(`^ +tenantry (retry ${id} --reason) "…"$`, 'm').exec(list.stdout)!;
  const retried = await tenantry([...command!.split(' '), 'typed as shown']);
  expect(retried).toMatchObject({ code: 0, stdout: expect.stringContaining('completed') });
});

test.each([
  ['retry', 0, { state: 'completed' }, 'enabled'],
  ['skip', 0, { state: 'completed' }, 'disabled'],
  ['abort', 3, { state: 'undone' }, undefined],
])('%s decides, follows the run to its end, and exits as the run ends: %d', async (choice, code, end, twoFactor) => {
  const { id } = await blocked();

  const decided = await tenantry([choice, id, '--reason', 'as agreed', '--actor', 'ann', '--json']);

  const final = status(decided.stdout);
  expect({ code: decided.code, final }).toMatchObject({ code, final: end });
  expect(final.decisions).toMatchObject([{ choice, step: 'requireTwoFactor', actor: 'ann', reason: 'as agreed' }]);
  expect(env.simulator.world.tenant(final.tenantId!)?.['mfa_status']).toBe(twoFactor);
});

test('one decision is for all runs of a cause, and for no others', async () => {
  const ids = [(await blocked()).id, (await blocked()).id];
  const all = ['retry', '--all', '--reason', 'as agreed'];
  const cause = ['--cause', 'Acronis.Forbidden', '--step', 'requireTwoFactor'];

  expect((await tenantry(all)).stderr).toContain(`${cause.join(' ')} (`);
  expect(await tenantry([...all, ...ids])).toMatchObject({ code: 2 });
  expect((await tenantry([...all, '--cause', 'Acronis.Quota', '--step', 'x'])).stderr).toMatch(
    /^No run is blocked at x for Acronis.Quota/,
  );
  const decided = await tenantry([...all, ...cause]);

  expect(decided.code).toBe(0);
  for (const id of ids) expect(decided.stdout).toContain(`${id}  retry accepted for requireTwoFactor`);
  for (const id of ids) expect(await env.client.workflow.getHandle(id).result()).toMatchObject({ state: 'completed' });
});

test('amend goes on with another input, which status keeps with who decided and why', async () => {
  const { id, order } = await blocked();
  const amended = JSON.stringify({ ...order, twoFactor: false });

  const decided = await tenantry(['amend', id, ...input, '--reason', 'not wanted', '--no-wait'], {}, amended);

  expect(decided).toMatchObject({ code: 0, stdout: `amend accepted for requireTwoFactor of ${id}\n` });
  await tenantry(['watch', id]);
  const shown = await tenantry(['status', id]);
  expect(shown.stdout).toMatch(/completed[^]*requireTwoFactor[^]*chose amend for requireTwoFactor: not wanted/);
});

test('a run that cannot undo everything names at its end what is left, why, and where', async () => {
  const { id } = await blocked();
  const { tenantId } = status((await tenantry(['status', id, '--json'])).stdout);
  env.simulator.world.addUser({ tenant_id: tenantId!, login: `stranger-${process.pid}` });

  const decided = await tenantry(['abort', id, '--reason', 'withdrawn']);

  const left = `left over: tenant ${tenantId}: 1 user(s) of somebody else live in it (${env.simulator.url}/mc/)`;
  expect(decided).toMatchObject({ code: 3, stdout: expect.stringContaining(left) });
});

test.each([
  ['an unknown run', ['retry', 'nobody', '--reason', 'x'], /no run nobody.*tenantry list/],
  ['no reason', ['retry', 'nobody'], /--reason/],
  ['an amendment without an input', ['amend', 'nobody', '--reason', 'x'], /--input/],
  [
    'an input file that is not there',
    ['amend', 'nobody', '--input', 'none', '--reason', 'x'],
    /There is no file called none/,
  ],
])('%s is refused with 2 and the remedy', async (_what, args, message) => {
  expect(await tenantry(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
});

test('a late decision is refused: it names who decided before, or says that the run has ended', async () => {
  const { id } = await blocked();
  env.simulator.faults.next('POST /users/{id}/send-activation-email', { delay: 12_000 });
  await tenantry(['retry', id, '--reason', 'right granted', '--actor', 'ann', '--no-wait']);

  const late = await tenantry(['abort', id, '--reason', 'too late', '--actor', 'bob']);
  await tenantry(['watch', id]);
  const later = await tenantry(['abort', id, '--reason', 'much too late', '--json']);

  expect(late).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/ann \(not verified\) chose retry for requireTwoFactor.*right granted/),
  });
  expect(later.code).toBe(2);
  expect(JSON.parse(later.stdout)).toMatchObject({
    error: { message: expect.stringContaining('has ended (completed)') },
  });
});

test('a decision for a run works the same after its worker was killed', async () => {
  const { id } = await blocked();
  env.worker.kill();
  await env.replaceWorker();

  expect(await tenantry(['retry', id, '--reason', 'another worker'])).toMatchObject({ code: 0 });
});

test('a decision while no worker runs is refused with the reason', async () => {
  const { id } = await blocked();
  await env.worker.stop();

  const decided = await tenantry(['retry', id, '--reason', 'nobody there']);
  await env.replaceWorker();

  expect(decided).toMatchObject({ code: 1, stderr: expect.stringMatching(/has not answered.*tenantry worker/) });
  await tenantry(['abort', id, '--reason', 'end of the test']);
});
