import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { AcronisError, createAcronis, isAcronisError } from '../../acronis/index.js';
import {
  aRefusal,
  aTenant,
  failureOf,
  ROOT_ID,
  startStandIn,
  TENANT_ID,
  type Answer,
  type StandIn,
} from './stand-in.js';

let cloud: StandIn;
afterEach(async () => {
  await cloud.close();
});

const newTenant = { name: 'Northwind', parent_id: ROOT_ID, kind: 'customer' as const };
const newUser = { tenant_id: TENANT_ID, login: 'jane', contact: { email: 'jane@example.test' } };
const create = async () => cloud.acronis.tenants.create(newTenant);
const createUser = async () => cloud.acronis.users.create(newUser);
const update = async () => cloud.acronis.tenants.update(TENANT_ID, { version: 1, enabled: false });
const remove = async () => cloud.acronis.tenants.remove(TENANT_ID, 1);
const get = async () => cloud.acronis.tenants.get(TENANT_ID);
const putItems = async () => cloud.acronis.offeringItems.put(TENANT_ID, []);

const aPage = '<html><h1>Request blocked</h1></html>';
const withoutContext = (code: number) => ({
  error: { code, domain: 'PlatformAccountServer', message: 'in words', details: { info: 'users' } },
});
const aBare = (fields: object) => ({ error: { code: 1006, message: 'disable first', ...fields } });

test.each<[string, string, () => Promise<unknown>, Answer]>([
  ['unavailable', 'a 500', get, [500, aRefusal(1000, 'internal')]],
  ['unavailable', 'a 502 in HTML', create, [502, '<html>bad gateway</html>']],
  ['unavailable', 'a 503 even with a version code', update, [503, aRefusal(1001, 'x')]],
  ['unavailable', 'a 408', get, [408]],
  ['unavailable', 'a 421', create, [421, aPage]],
  ['unavailable', 'a 425', create, [425]],
  ['unavailable', 'a 499', create, [499, aPage]],
  ['throttled', 'a 429', get, [429, aRefusal(429, 'slow down')]],
  ['throttled', 'a 429 of a proxy', get, [429, aPage]],
  ['conflict', '1001 with 400', update, [400, aRefusal(1001, 'stale')]],
  ['conflict', '1001 with 409', update, [409, aRefusal('1001', 'stale')]],
  ['conflict', '1001 with 412', remove, [412, aRefusal(1001, 'stale')]],
  ['conflict', '1001 with 426', putItems, [426, aRefusal(1001, 'stale')]],
  ['conflict', 'a bare 426', putItems, [426]],
  ['conflict', 'a 412 of a proxy', putItems, [412, aPage]],
  ['conflict', 'a 423', putItems, [423, aPage]],
  ['conflict', 'a 409 on a change', update, [409, aRefusal(1015, 'infra')]],
  ['not-found', 'a 404', get, [404, aRefusal(1005, 'no tenant')]],
  ['taken', '1004 on a create', create, [409, aRefusal(1004, 'name in use')]],
  ['taken', 'a 409 for a login', createUser, [409, aRefusal(409, 'login in use')]],
  ['taken', '1004 on a rename', update, [409, aRefusal(1004, 'name in use')]],
  ['forbidden', 'a 403', get, [403, aRefusal(1002, 'denied')]],
  ['quota', '1022', create, [400, aRefusal(1022, 'quota exceeded')]],
  ['quota', '1022 without context', create, [403, withoutContext(1022)]],
  ['conflict', '1001 without context', update, [400, withoutContext(1001)]],
  ['taken', '1004 without context', create, [400, withoutContext(1004)]],
  ['taken', '1004 without domain and details', create, [409, { error: { code: 1004, message: 'in use' } }]],
  ['quota', '1022 with nothing else', create, [400, { error: { code: '1022' } }]],
  ['rejected', '1006 with null for the rest', remove, [400, aBare({ domain: null, details: null })]],
  ['unreadable', '1006 with the status of others', remove, [400, aBare({ status: 'FAILED' })]],
  ['unreadable', 'a status as code', remove, [400, { error: { code: 400, message: 'bad' } }]],
  ['unreadable', 'a word as code', remove, [404, { error: { code: 'ResourceNotFound', message: 'no' } }]],
  ['rejected', 'a 400', remove, [400, aRefusal(1006, 'disable first')]],
  ['rejected', 'a 422', remove, [422, aRefusal(1027, 'no')]],
  ['unreadable', 'a redirection', get, [302, '', { location: '/login' }]],
  ['unreadable', 'a success in HTML', get, [200, '<html>']],
  ['unreadable', 'an empty success', create, [201]],
  ['unreadable', 'a tenant without version', create, [201, aTenant({ version: undefined })]],
])('says %s on %s', async (kind, _when, call, answer) => {
  cloud = await startStandIn(() => answer);

  expect(await failureOf(call())).toMatchObject({ kind });
});

test('reports route, status, code, domain, request id and the reason of the vendor', async () => {
  const headers = { 'x-request-id': 'req-77' };
  cloud = await startStandIn(() => [409, aRefusal(1004, 'name is in use', 'choose another'), headers]);

  const failure = await failureOf(create());

  expect(failure).toMatchObject({
    message: 'POST /tenants was refused (409): name is in use; choose another',
    operation: 'tenants.create',
    facts: {
      route: 'POST /tenants',
      status: 409,
      code: 1004,
      domain: 'PlatformAccountServer',
      requestId: 'req-77',
      reason: 'name is in use; choose another',
    },
  });
});

test('names the fields that cannot be read, not their content', async () => {
  cloud = await startStandIn(() => [200, aTenant({ version: 'SECRET-CONTENT' })]);

  const failure = await failureOf(get());

  expect(failure).toMatchObject({
    message:
      'GET /tenants/{id} was answered (200) in a way that cannot be read: ' +
      'fields missing or not as documented: version (invalid_type)',
  });
  expect(inspect(failure)).not.toContain('SECRET-CONTENT');
});

test('cuts the words of the vendor to 200 characters', async () => {
  cloud = await startStandIn(() => [400, aRefusal(1, 'word '.repeat(100))]);

  const failure = (await failureOf(create())) as AcronisError;

  expect(failure.facts.reason).toHaveLength(200);
});

test('keeps ids in the words of the vendor', async () => {
  cloud = await startStandIn(() => [400, aRefusal(1021, `tenant ${TENANT_ID} lacks it`)]);

  expect(await failureOf(create())).toMatchObject({ facts: { reason: `tenant ${TENANT_ID} lacks it` } });
});

test('keeps of the cause of a lost connection its name and code only', async () => {
  cloud = await startStandIn((_seen, response) => {
    response.destroy();
    return undefined;
  });

  const failure = (await failureOf(create())) as AcronisError;

  expect(failure).toMatchObject({ kind: 'unavailable', cause: { name: 'TypeError', code: 'UND_ERR_SOCKET' } });
  expect(failure.message).toBe('POST /tenants got no answer: UND_ERR_SOCKET');
});

test('reports why fetch does not even call an address', async () => {
  const acronis = createAcronis({ baseUrl: 'http://127.0.0.1:1', clientId: 'x', clientSecret: 'y', version: '0' });

  expect(await failureOf(acronis.tenants.get(TENANT_ID))).toMatchObject({
    kind: 'unavailable',
    message: 'POST /idp/token got no answer: bad port',
  });
});

test('reports unavailable when nothing listens', async () => {
  cloud = await startStandIn(() => [200, aTenant()]);
  await cloud.acronis.tenants.get(TENANT_ID);
  await cloud.close();

  const failure = await failureOf(get());
  cloud = await startStandIn(() => [200]);

  expect(failure).toMatchObject({ kind: 'unavailable', facts: { route: 'GET /tenants/{id}' } });
});

test('recognises its errors by their brand only', () => {
  const error = new AcronisError('taken', 'tenants.create', { route: 'POST /tenants', status: 409 });

  expect(isAcronisError(error)).toBe(true);
  expect([new Error('x'), null, undefined, 'taken', { kind: 'taken' }].some((each) => isAcronisError(each))).toBe(
    false,
  );
});
