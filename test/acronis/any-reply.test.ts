import { expect, test } from '@jest/globals';
import { createAcronis, type Acronis } from '../../acronis/index.js';
import { all } from './endpoint-table.js';
import { ALONE, APP, things, type Described } from './full-replies.js';
import { failureOf, ROOT_ID, TENANT_ID, USER_ID } from './stand-in.js';

type Name = keyof typeof things;
type Row = [
  method: string,
  thing: Name,
  call: (acronis: Acronis) => Promise<unknown>,
  around?: (told: unknown) => unknown,
];

const list = (told: unknown) => ({ items: [told] });
const to = { applicationId: APP, edition: 'pck_per_workload' };
const tenant = { name: 'N', parent_id: ROOT_ID, kind: 'customer' as const };
const user = { tenant_id: TENANT_ID, login: 'jane', contact: { email: 'j@example.test' } };
const report = { tenant_id: TENANT_ID, level: 'itself', kind: 'usage_current', formats: ['csv_v2_0'] } as const;

const rows: Row[] = [
  ['clients.get', 'apiClient', async (a) => a.clients.get('c')],
  ['clients.list', 'apiClient', async (a) => a.clients.list({ originId: 'x' }), list],
  ['clients.create', 'newApiClient', async (a) => a.clients.create({ tenant_id: ROOT_ID, data: { client_name: 'x' } })],
  ['clients.update', 'apiClient', async (a) => a.clients.update('c', {})],
  ['tenants.numberOf', 'group', async (a) => a.tenants.numberOf(TENANT_ID)],
  ['tenants.resolveIds', 'tenantNumber', async (a) => a.tenants.resolveIds([TENANT_ID]), list],
  ['tenants.create', 'tenant', async (a) => a.tenants.create(tenant)],
  ['tenants.get', 'tenant', async (a) => a.tenants.get(TENANT_ID)],
  ['tenants.update', 'tenant', async (a) => a.tenants.update(TENANT_ID, { version: 1 })],
  ['tenants.list', 'tenant', async (a) => all(a.tenants.list({ parentId: ROOT_ID })), list],
  ['tenants.childIds', 'id', async (a) => a.tenants.childIds(TENANT_ID), list],
  ['users.accessPolicies', 'accessPolicy', async (a) => a.users.accessPolicies(USER_ID), list],
  ['users.replaceAccessPolicies', 'accessPolicy', async (a) => a.users.replaceAccessPolicies(USER_ID, []), list],
  ['users.create', 'user', async (a) => a.users.create(user)],
  ['users.me', 'me', async (a) => a.users.me()],
  ['users.get', 'user', async (a) => a.users.get(USER_ID)],
  ['users.update', 'user', async (a) => a.users.update(USER_ID, { version: 1 })],
  ['users.list', 'user', async (a) => all(a.users.list({ tenantId: TENANT_ID })), list],
  [
    'offeringItems.availableForChild',
    'item',
    async (a) => a.offeringItems.availableForChild(ROOT_ID, { kind: 'unit' }),
    list,
  ],
  ['offeringItems.list', 'item', async (a) => a.offeringItems.list(TENANT_ID), list],
  ['offeringItems.put', 'item', async (a) => a.offeringItems.put(TENANT_ID, []), list],
  ['editions.check', 'warnings', async (a) => a.editions.check(TENANT_ID, to)],
  ['applications.list', 'application', async (a) => a.applications.list(), list],
  ['applications.idsOf', 'id', async (a) => a.applications.idsOf(TENANT_ID), list],
  ['twoFactor.get', 'twoFactor', async (a) => a.twoFactor.get(TENANT_ID)],
  ['twoFactor.set', 'twoFactor', async (a) => a.twoFactor.set(TENANT_ID, true)],
  ['pricing.get', 'pricing', async (a) => a.pricing.get(TENANT_ID)],
  ['pricing.put', 'pricing', async (a) => a.pricing.put(TENANT_ID, { version: 1 })],
  ['usages.list', 'usage', async (a) => a.usages.list(TENANT_ID), list],
  [
    'usages.ofTenants',
    'usage',
    async (a) => (await all(a.usages.ofTenants([TENANT_ID])))[0]?.usages,
    (told) => list({ tenant: TENANT_ID, usages: [told] }),
  ],
  ['reports.create', 'report', async (a) => a.reports.create(report)],
  ['reports.get', 'report', async (a) => a.reports.get(USER_ID)],
  ['reports.stored', 'storedReport', async (a) => a.reports.stored(USER_ID), list],
  ['reports.idsOf', 'id', async (a) => a.reports.idsOf(TENANT_ID), list],
  ['search.find', 'hit', async (a) => a.search.find(ROOT_ID, 'north'), list],
  [
    'registrationTokens.create',
    'registrationToken',
    async (a) => a.registrationTokens.create(TENANT_ID, { expires_in: 60, scopes: [] }),
  ],
  ['registrationTokens.list', 'registrationToken', async (a) => a.registrationTokens.list(TENANT_ID), list],
  ['agents.get', 'agent', async (a) => a.agents.get('agent-1')],
  ['agents.list', 'agent', async (a) => all(a.agents.list()), list],
  ['resources.list', 'resource', async (a) => all(a.resources.list()), list],
  ['resources.statuses', 'protection', async (a) => all(a.resources.statuses()), list],
  ['plans.list', 'policy', async (a) => (await all(a.plans.list()))[0], (told) => list({ policy: [told] })],
  ['plans.create', 'newPlan', async (a) => a.plans.create([])],
  ['plans.remove', 'issues', async (a) => a.plans.remove('b1')],
  [
    'planApplications.list',
    'planApplication',
    async (a) => (await all(a.planApplications.list()))[0],
    (told) => list([told]),
  ],
  ['planApplications.apply', 'issues', async (a) => a.planApplications.apply('b1', ['machine-1'])],
  ['planApplications.revoke', 'issues', async (a) => a.planApplications.revoke('b1', 'machine-1')],
  ['tasks.get', 'task', async (a) => a.tasks.get('1')],
  ['tasks.list', 'task', async (a) => all(a.tasks.list()), list],
  ['taskActivities.get', 'taskActivity', async (a) => a.taskActivities.get('1')],
  ['taskActivities.list', 'taskActivity', async (a) => all(a.taskActivities.list()), list],
  ['alerts.list', 'alert', async (a) => all(a.alerts.list()), list],
  ['alerts.listBack', 'alert', async (a) => all(a.alerts.listBack({}, { before: 'x' })), list],
  ['alerts.page', 'alert', async (a) => (await a.alerts.page({})).items, list],
];

/** Of these nothing is read but the status, a text, or what another method reads as well. */
const unread = [
  'clients.remove',
  'tenants.remove',
  'tenants.restore',
  'users.checkLogin',
  'users.remove',
  'users.restore',
  'users.sendActivationEmail',
  'users.setPassword',
  'impersonation.whoIs',
  'editions.switch',
  'applications.bind',
  'applications.unbind',
  'reports.download',
  'reports.remove',
  'registrationTokens.remove',
  'resources.createGroup',
  'resources.remove',
  'planApplications.run',
];

/** A client of a cloud that answers everything with this. */
function answeredWith(reply: unknown): Acronis {
  const token = { access_token: 'token-one', token_type: 'bearer', expires_in: 7200, id_token: 'x' };
  const options = { baseUrl: 'https://cloud.example.test', clientId: 'c', clientSecret: 's', version: '1' };
  const answer = async (input: Parameters<typeof fetch>[0]) =>
    Response.json((input as Request).url.endsWith('/idp/token') ? token : reply);
  return createAcronis({ ...options, fetch: answer });
}

const GONE = Symbol('left out');

/** Every place in a value, the value itself first; of a list only the first entry. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const within = Array.isArray(value) ? [['0', value[0]] as const] : Object.entries(value);
  return [path, ...within.flatMap(([key, part]) => places(part, [...path, key]))];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, key) => (inner as Record<string, unknown>)[key], value);
}

function altered(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  const inner = altered(copy[key], rest, to);
  if (inner === GONE) delete copy[key];
  else copy[key] = inner;
  return copy;
}

function otherKinds(value: unknown): unknown[] {
  if (typeof value === 'object' && value !== null)
    return [true, ...(Array.isArray(value) ? [{ newKind: 1 }] : ['new'])];
  return [{ newKind: 1 }, typeof value === 'boolean' ? 'yes' : true];
}

/** The places whose values are not the same, as deep as they are in both. */
function differences(one: unknown, other: unknown, path: readonly string[] = []): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const parts = [one, other].map((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : undefined));
  if (parts.includes(undefined)) return [path.join('.')];
  const keys = new Set(parts.flat() as string[]);
  const part = (whole: unknown, key: string) => (whole as Record<string, unknown>)[key];
  return [...keys].flatMap((key) => differences(part(one, key), part(other, key), [...path, key]));
}

/** What a method says of the one thing that it was told of. */
const said = (result: unknown): unknown => (Array.isArray(result) && result.length === 1 ? result[0] : result);

test('every method is here, so that no answer goes untried', () => {
  const nouns = Object.entries(answeredWith({})).filter(([, noun]) => typeof noun === 'object');
  const methods = nouns.flatMap(([name, noun]) => Object.keys(noun as object).map((method) => `${name}.${method}`));

  expect([...rows.map(([method]) => method), ...unread].sort()).toEqual(methods.sort());
});

test.each(rows)(
  '%s reads whatever the vendor leaves out, tells as null or tells in a new way',
  async (_m, name, call, around = (told) => told) => {
    const { full, needed = [], decisive = [], partOf = {} }: Described = things[name];
    const read = async (told: unknown) => said(await call(answeredWith(around(told))));
    const whole = await read(full);
    const wrong: string[] = [];
    const check = async (path: readonly string[], value: unknown, mayFail: boolean) => {
      const place = path.join('.');
      const words = `${place} ${value === GONE ? 'left out' : JSON.stringify(value)}`;
      const told = around(altered(full, path, value));
      if (mayFail) {
        const failure = (await failureOf(call(answeredWith(told))).catch(() => ({}))) as { kind?: string };
        if (failure.kind !== 'unreadable') wrong.push(`${words}: read all the same`);
        return;
      }
      const result = await read(altered(full, path, value)).catch((error: unknown) => error as Error);
      if (result instanceof Error) wrong.push(`${words}: ${result.message}`);
      else {
        const touched = partOf[place] ?? place.replace(/\.0$/, '');
        const others = differences(whole, result).filter(
          (other) => touched !== ALONE && !`${other}.`.startsWith(`${touched}.`),
        );
        if (others.length > 0) wrong.push(`${words}: took along ${others.join(', ')}`);
      }
    };
    for (const path of places(full)) {
      const place = path.join('.');
      const isEntry = path.at(-1) === '0';
      const isNeeded = needed.includes(place);
      if (path.length > 0 && !isEntry) await check(path, GONE, isNeeded);
      if (path.length > 0) await check(path, null, isNeeded);
      if (path.length === 0 && !isNeeded) continue;
      for (const kind of otherKinds(at(full, path))) await check(path, kind, isNeeded || decisive.includes(place));
    }
    expect(wrong).toEqual([]);
    if (typeof full === 'object') expect(await read({ ...full, newField: { of: 'a later version' } })).toEqual(whole);
  },
);
