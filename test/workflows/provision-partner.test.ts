import { describe, expect, test } from '@jest/globals';
import { waitUntil } from '../support/runs.js';
import { aPartnerOrder, completePartner, mailsTo, portraitOf } from '../support/partners.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const ITEMS = 'PUT /tenants/{id}/offering_items';
const ROLE = 'PUT /users/{id}/access_policies';
const MAIL = 'POST /users/{id}/send-activation-email';

const provision = async (order: object) => await env.run('provisionPartner', order);
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
/** Names and storages of the items that are on; the root has every item there is. */
const itemsOf = (tenantId: string | undefined, editions?: (string | null)[]) =>
  env.simulator.world
    .items(tenantId!)
    .filter(({ edition }) => editions?.includes(edition) ?? true)
    .map(({ application_id, name, infra_id = '' }) => `${application_id} ${name} ${infra_id}`)
    .sort();

describe('a new partner', () => {
  test('of one edition has all its items, those of no edition, and an administrator who is mailed last of all', async () => {
    const order = aPartnerOrder();
    env.calls();

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', changed: true, adopted: [], apiCalls: 7 });
    expect(portraitOf(env.simulator, order)).toEqual(completePartner(order));
    expect(itemsOf(status.tenantId)).toEqual(itemsOf(env.simulator.rootTenantId, [null, 'pck_per_gigabyte']));
    const made = writes();
    expect(made.at(-1)).toBe(MAIL);
    expect(made.sort()).toEqual(['POST /tenants', 'POST /users', MAIL, ITEMS, ROLE].sort());
  });

  test('of all editions has every item that the parent has', async () => {
    const status = await provision(aPartnerOrder({ edition: undefined, editions: 'all' }));

    expect(itemsOf(status.tenantId)).toEqual(itemsOf(env.simulator.rootTenantId));
  });

  test('has the ordered quotas, on every storage, and is unlimited in all else', async () => {
    const quotas = { storage: { limit: '10 TiB' }, workstations: { limit: 500 } };

    const { tenantId, ...status } = await provision(aPartnerOrder({ quotas, administrator: undefined }));

    expect(status).toMatchObject({ state: 'completed' });
    const items = env.simulator.world.items(tenantId!);
    const quotaOf = (usage: string) => items.filter(({ usage_name }) => usage_name === usage).map(({ quota }) => quota);
    expect(quotaOf('storage').length).toBeGreaterThan(0);
    for (const quota of quotaOf('storage')) expect(quota).toMatchObject({ value: 10 * 2 ** 40, overage: null });
    expect(quotaOf('workstations')).toMatchObject([{ value: 500, overage: null }]);
    expect(quotaOf('servers')).not.toContainEqual(expect.objectContaining({ value: expect.any(Number) }));
  });

  test('without an administrator takes the calls of the vendor’s script', async () => {
    env.calls();

    const status = await provision(aPartnerOrder({ administrator: undefined }));

    expect(status).toMatchObject({ state: 'completed' });
    expect(env.calls().filter((route) => route !== 'POST /idp/token' && route !== 'GET /clients/{id}')).toEqual([
      'GET /tenants/{id}/offering_items/available_for_child',
      'POST /tenants',
      ITEMS,
    ]);
  });

  test('below another partner gets what that one offers, and may be let in by a password', async () => {
    const { tenantId: parentTenantId } = await provision(aPartnerOrder({ administrator: undefined }));
    const order = aPartnerOrder({ activation: { by: 'password', secretRef: 'env:PARTNER' } });

    const status = await provision({ ...order, partner: { ...order.partner, parentTenantId } });

    expect(env.simulator.world.tenant(status.tenantId!)).toMatchObject({ parent_id: parentTenantId });
    expect(env.simulator.world.users(status.tenantId)).toMatchObject([{ activated: true }]);
  });
});

test('an overage is refused as input, because partners have none', async () => {
  const quotas = { storage: { limit: '1 TiB', overage: '1 TiB' } };

  const status = await provision(aPartnerOrder({ quotas }));

  expect(status).toMatchObject({
    failureType: 'InvalidInput',
    reason: { message: expect.stringContaining('overage') },
  });
});

describe('refused, with nothing made', () => {
  test.each<[string, object, RegExp]>([
    ['a quota of what is not offered', { quotas: { boats: { limit: 1 } } }, /quotas\.boats: no item of this order/],
    ['a quota in a wrong unit', { quotas: { workstations: { limit: '1 TiB' } } }, /quotas\.workstations\.limit: /],
    ['an edition that is not offered', { edition: 'gold' }, /does not offer "gold", only standard, pck_per_gigabyte/],
    [
      'a login that somebody has',
      { administrator: { login: 'taken.login', email: 'x@example.com' } },
      /administrator\.login: "taken\.login" is taken/,
    ],
    ['a name that somebody has', { partner: { name: 'Taken Name, Inc' } }, /already exists/],
    [
      'an unknown parent',
      { partner: { name: 'Lost', parentTenantId: '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69' } },
      /partner\.parentTenantId: .*tenant not found/,
    ],
  ])('%s', async (_words, fields, sentence) => {
    const before = env.simulator.world.tenants().length;

    const status = await provision(aPartnerOrder(fields));

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect(env.simulator.world.tenants()).toHaveLength(before);
  });

  test.each<[string, object]>([
    ['neither one edition nor all', { edition: undefined }],
    ['both one edition and all', { editions: 'all' }],
  ])('an input that names %s', async (_words, fields) => {
    expect(await provision(aPartnerOrder(fields))).toMatchObject({
      failureType: 'InvalidInput',
      reason: { message: 'edition: name either one edition, or editions: "all"' },
    });
  });
});

describe('a second run of the same order', () => {
  test('finds all so, writes nothing and mails nobody', async () => {
    const order = aPartnerOrder();
    await provision(order);
    env.calls();

    const status = await provision(order);

    expect(status).toMatchObject({
      changed: false,
      adopted: ['ensurePartnerTenant', 'applyOfferingItems', 'ensureUser', 'assignRole', 'sendActivationEmail'],
    });
    expect(writes()).toEqual([]);
  });

  test('finishes what the first one was stopped in', async () => {
    const order = aPartnerOrder();
    env.simulator.faults.next(ROLE, 'hang');
    const first = await env.begin('provisionPartner', order);
    await waitUntil(async () => env.simulator.world.users().some(({ login }) => login === order.administrator.login));
    await first.terminate('as if somebody had stopped it in the middle');

    const status = await provision(order);

    expect(status).toMatchObject({ state: 'completed', changed: true });
    expect(portraitOf(env.simulator, order)).toEqual(completePartner(order));
    expect(mailsTo(env.simulator, order)).toBe(1);
  });
});

test('a partner and a customer may have the same reference, also when an answer is lost', async () => {
  const partner = await provision(aPartnerOrder({ externalRef: 'both' }));
  const administrator = { login: 'both-customer', email: 'both@example.com' };
  env.simulator.faults.next('POST /tenants', 'commit-then-drop');

  const customer = await env.provision({ customer: { name: 'Both' }, administrator, externalRef: 'both' });

  expect(customer).toMatchObject({ state: 'completed', changed: true });
  expect(env.simulator.world.tenant(customer.tenantId!)).toMatchObject({ kind: 'customer' });
  expect(env.simulator.world.tenant(partner.tenantId!)).toMatchObject({ kind: 'partner' });
});
