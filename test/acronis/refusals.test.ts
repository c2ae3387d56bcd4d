import { afterEach, expect, test } from '@jest/globals';
import { failureOf, startStandIn, TENANT_ID, type StandIn } from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

test.each<[service: string, body: object, facts: object]>([
  [
    'the agent manager',
    { code: 'ACCESS_DENIED', domain: 'AgentManager', debug: { msg: 'no such right' } },
    { code: 'ACCESS_DENIED', domain: 'AgentManager', reason: 'no such right' },
  ],
  [
    'the task and alert managers',
    { domain: 'TaskManager', code: 'BadFilter', reason: 'unknown state', context: {}, kbLink: {}, debug: {} },
    { code: 'BadFilter', domain: 'TaskManager', reason: 'unknown state' },
  ],
  [
    'the resource and policy managers',
    { code: 'AccessDeniedError', domain: 'Access', message: 'not allowed', context: { scope: [] } },
    { code: 'AccessDeniedError', domain: 'Access', reason: 'not allowed' },
  ],
  [
    'a plan with issues',
    { issues: [{ code: 'PolicySettingsNotSet', severity: 'error' }, { code: 'LicenseNotFound' }] },
    { code: 'PolicySettingsNotSet', reason: 'PolicySettingsNotSet, LicenseNotFound' },
  ],
])('reads the words of %s', async (_service, body, facts) => {
  cloud = await startStandIn(() => [403, body]);

  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({ kind: 'forbidden', facts });
});

test.each<[form: string, body: unknown]>([
  ['an array', []],
  ['a number', 17],
  ['null', 'null'],
  ['fields of other types', { code: {}, domain: 7, message: [], debug: 'x' }],
  ['an empty list of issues', { issues: [] }],
])('quotes nothing of %s', async (_form, body) => {
  cloud = await startStandIn(() => [403, body]);

  const failure = (await failureOf(cloud.acronis.tenants.get(TENANT_ID))) as { facts: object };

  const reason = 'not in a form of the vendor, so a proxy may have answered';
  expect(failure).toMatchObject({ kind: 'unreadable' });
  expect(failure.facts).toEqual({ route: 'GET /tenants/{id}', status: 403, reason });
});

test('reads the words of the token endpoint where tokens are issued, and nowhere else', async () => {
  const body = { error: 'access_denied', error_description: 'not your tenant', domain: 'Access', reason: 'X' };
  cloud = await startStandIn(() => [403, body]);

  const facts = { code: 'access_denied', domain: 'Access', reason: 'not your tenant' };
  const whoIs = cloud.acronis.impersonation.whoIs({ login: 'jane' });
  expect(await failureOf(whoIs)).toMatchObject({ kind: 'forbidden', facts });
  expect(await failureOf(cloud.acronis.tenants.get(TENANT_ID))).toMatchObject({ kind: 'unreadable' });
});
