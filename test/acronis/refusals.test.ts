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
  [
    'the token endpoint',
    { error: 'access_denied', error_description: 'not your tenant', domain: 'Access', reason: 'X' },
    { code: 'access_denied', domain: 'Access', reason: 'not your tenant' },
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

  expect(failure.facts).toEqual({ route: 'GET /tenants/{id}', status: 403 });
});
