import { afterEach, expect, test } from '@jest/globals';
import type { AcronisError } from '../../acronis/index.js';
import { failureOf, ROOT_ID, startStandIn, TENANT_ID, type StandIn } from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const create = async () => cloud.acronis.tenants.create({ name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' });
const update = async () => cloud.acronis.tenants.update(TENANT_ID, { version: 1, enabled: false });
const remove = async () => cloud.acronis.tenants.remove(TENANT_ID, 1);
const get = async () => cloud.acronis.tenants.get(TENANT_ID);
const putItems = async () => cloud.acronis.offeringItems.put(TENANT_ID, []);
const checkLogin = async () => cloud.acronis.users.checkLogin('jane');
const aPage = '<html><h1>Request blocked</h1></html>';

test('believes no success that comes with a page: a deletion may never have reached the vendor', async () => {
  cloud = await startStandIn(() => [200, aPage]);

  for (const call of [remove, update, get, checkLogin])
    expect(await failureOf(call())).toMatchObject({ kind: 'unreadable', facts: { status: 200 } });
});

const ofProxies: [words: string, body: unknown][] = [
  ['a page', aPage],
  ['nothing', ''],
  ['JSON that says what happened', { message: 'Forbidden' }],
  ['JSON with status and error', { timestamp: 'x', status: 404, error: 'Not Found', path: '/api/2/tenants' }],
  [
    'an error with a code of its own',
    { error: { code: 403, message: 'no', status: 'PERMISSION_DENIED', details: [] } },
  ],
  ['a word', { error: 'forbidden' }],
];
const final = [
  400, 402, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 416, 417, 418, 422, 424, 428, 431, 444, 451, 495,
];

test.each(ofProxies)('takes no status as final when %s comes with it', async (_words, body) => {
  let status = 0;
  cloud = await startStandIn(() => [status, body]);
  const kinds: string[] = [];

  for (status of final)
    for (const call of [create, update, remove, get, putItems, checkLogin])
      if (call !== checkLogin || body !== '' || ![406, 409].includes(status))
        kinds.push(((await failureOf(call())) as AcronisError).kind);

  expect(new Set(kinds)).toEqual(new Set(['unreadable']));
});

test('has an answer that no proxy can be known by say so', async () => {
  cloud = await startStandIn(() => [403, aPage]);

  expect(await failureOf(create())).toMatchObject({
    message:
      'POST /tenants was answered (403) in a way that cannot be read: not in a form of the vendor, so a proxy may have answered',
  });
});

const ID = TENANT_ID;
const unread: [what: string, call: () => Promise<unknown>][] = [
  ['an activation mail', async () => cloud.acronis.users.sendActivationEmail(ID)],
  ['a password', async () => cloud.acronis.users.setPassword(ID, 'Pa55-word!')],
  ['a login', async () => cloud.acronis.users.checkLogin('jane')],
  ['the removal of a user', async () => cloud.acronis.users.remove(ID, 1)],
  ['the removal of a tenant', remove],
  ['the return of a tenant', async () => cloud.acronis.tenants.restore(ID)],
  ['the removal of a client', async () => cloud.acronis.clients.remove(ID)],
  ['the removal of a registration token', async () => cloud.acronis.registrationTokens.remove(ID)],
  ['the removal of a report', async () => cloud.acronis.reports.remove(ID, 1)],
  ['a service that goes off', async () => cloud.acronis.applications.unbind(ID, ID)],
  ['a switch of edition', async () => cloud.acronis.editions.switch(ID, { applicationId: ID, edition: 'x' })],
];
const notDocumented: [status: number, body?: string][] = [[200], [200, aPage], [200, 'OK'], [202], [201, aPage]];

test.each(unread)('believes no success of %s but the documented one', async (_what, call) => {
  for (const answer of notDocumented) {
    cloud = await startStandIn(() => answer);
    expect(await failureOf(call())).toMatchObject({ kind: 'unreadable', facts: { status: answer[0] } });
    await cloud.close();
  }
});
