import { expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import type { FailureFacts } from '../../contract/failures.js';
import { attempt, customer, startActivityEnvironment, untilSuccess } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const POST = 'POST /tenants';
const MAIL = 'POST /users/{id}/send-activation-email';
const aPage = { html: true } as const;
const { env } = useActivityEnvironment({ each: true });

/** What is known about the effect of a step that failed for good. */
async function factsOf(work: Promise<unknown>): Promise<Partial<FailureFacts>> {
  const failure = await work.then(
    () => ({ details: [] }),
    (error: unknown) => error as { details: Partial<FailureFacts>[] },
  );
  return failure.details[0] ?? {};
}

const create = async () => untilSuccess(env.activities.ensureCustomerTenant, { ...env.place, customer, look: false });

test.each<[string, Fault[], boolean]>([
  ['a refusal of the vendor changes nothing', [{ refuse: 403 }], false],
  ['nor does one that follows a pause', [{ throttle: 0 }, { refuse: 403 }], false],
  ['nor one after a token that was too old', ['expire-tokens', { refuse: 403 }], false],
  ['a lost answer is not forgotten for a refusal after it', ['drop-before', { refuse: 403 }], true],
  ['nor is a 503', [{ refuse: 503 }, { refuse: 403 }], true],
  ['nor the page of a proxy', [{ refuse: 403, ...aPage }, { refuse: 403 }], true],
  ['nor pages of a proxy alone', Array.from({ length: 6 }, () => ({ refuse: 400, ...aPage })), true],
])('a failed step reports its effect exactly: %s', async (_words, faults, unsure) => {
  for (const fault of faults) env.simulator.faults.next(POST, fault);

  expect(await factsOf(create())).toMatchObject({ unsure, changed: false });
});

test('a step of two changes that is refused at the second has taken effect', async () => {
  const tenantId = await env.aTenant();
  const stranger = { ...env.place, logins: [], unsure: false };
  env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 }, { times: 9 });

  expect(await factsOf(attempt(env.activities.removeCustomerTenant, stranger))).toMatchObject({
    unsure: false,
    changed: true,
  });
  expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: false });
});

test('a failure that we raise after a change reports the change and all attempts', async () => {
  const tenantId = await env.aTenant();
  const userId = await env.aUser(tenantId);
  const role = { cloud: 'default', userId, tenantId, keepOthers: true };
  await attempt(env.activities.assignRole, { ...role, role: 'company_admin' });
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 502 });
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 409 });

  const facts = await factsOf(untilSuccess(env.activities.assignRole, { ...role, role: 'backup_user' }));

  expect(facts).toMatchObject({ attempts: 2, unsure: true, changed: false });
  expect(facts.apiCalls).toBeGreaterThanOrEqual(4);
});

test.each([503, 408, 403])(
  'a tenant that was made, answered by a %i of a gateway and listed late is not made twice',
  async (answer) => {
    const free = await startActivityEnvironment({ uniqueNames: false });
    try {
      free.simulator.faults.next(POST, { stale: 1, answer });

      await untilSuccess(free.activities.ensureCustomerTenant, { ...free.place, customer, look: false });

      expect(free.simulator.world.customers()).toHaveLength(1);
    } finally {
      await free.simulator.close();
    }
  },
);

test.each<Fault>([
  { refuse: 503, commit: true },
  { refuse: 503, ...aPage, commit: true },
  { refuse: 408, ...aPage, commit: true },
  { refuse: 403, ...aPage, commit: true },
])('a tenant that was made although the answer is %j is found, and not made twice', async (fault) => {
  env.simulator.faults.next(POST, fault);
  env.simulator.faults.next('GET /tenants', { refuse: 503 });

  await create();

  expect(env.simulator.world.customers()).toHaveLength(1);
});

test('a mail that may have been sent before a person says retry is followed by one more, not by two', async () => {
  const userId = await env.aUser(await env.aTenant());
  env.simulator.faults.next(MAIL, { refuse: 503, commit: true }, { times: 9 });
  const mail = { cloud: 'default', userId, look: true, unsure: true };

  await untilSuccess(env.activities.sendActivationEmail, mail);

  expect(env.simulator.world.mails()).toHaveLength(1);
});

test.each([412, 423])('a %i says nothing about roles: the call is repeated', async (status) => {
  const tenantId = await env.aTenant();
  const userId = await env.aUser(tenantId);
  const role = { cloud: 'default', userId, tenantId, keepOthers: true };
  await attempt(env.activities.assignRole, { ...role, role: 'company_admin' });
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: status, ...aPage });

  expect(await untilSuccess(env.activities.assignRole, { ...role, role: 'backup_user' })).toMatchObject({
    attempts: 2,
  });
});
