import { describe, expect, test } from '@jest/globals';
import { askToken, codeOf, useCaller } from './caller.js';

const caller = useCaller();
const nobody = '00000000-0000-4000-8000-000000000000';
const ids = (body: Record<string, unknown>) => (body['items'] as { id: string }[]).map(({ id }) => id);

describe('creating', () => {
  test('gives version 1, keeps the mark, and answers 201', async () => {
    const fields = { name: 'Acme', kind: 'customer', parent_id: caller.simulator.rootTenantId, internal_tag: 'mark-1' };

    const answer = await caller.call('POST', '/tenants', fields);

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ version: 1, enabled: true, internal_tag: 'mark-1', customer_id: null });
  });

  test('a name is taken whatever its case and its blanks, also by a tenant further down', async () => {
    const taken = { name: ' seeded CUSTOMER ', kind: 'customer', parent_id: caller.simulator.rootTenantId };

    const answer = await caller.call('POST', '/tenants', taken);

    expect([answer.status, codeOf(answer)]).toEqual([409, 1004]);
  });

  test.each([
    ['no name', { name: '' }, 400, 400],
    ['a kind that the parent may not hold', { kind: 'unit' }, 400, 1027],
    ['an unknown kind', { kind: 'galaxy' }, 400, 400],
    ['an unknown parent', { parent_id: nobody }, 404, 1005],
    ['a mark that is too long', { internal_tag: 'x'.repeat(257) }, 400, 400],
  ])('%s is refused', async (_what, changed, status, code) => {
    const fields = { name: 'Acme', kind: 'customer', parent_id: caller.simulator.rootTenantId, ...changed };

    const answer = await caller.call('POST', '/tenants', fields);

    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(caller.simulator.world.customers()).toEqual([]);
  });

  test('below a disabled parent nothing can be made', async () => {
    const partner = await caller.aTenant({ kind: 'partner' });
    caller.simulator.world.disable(partner.id);

    const answer = await caller.call('POST', '/tenants', { name: 'Acme', kind: 'customer', parent_id: partner.id });

    expect([answer.status, codeOf(answer)]).toEqual([400, 1003]);
  });
});

describe('changing', () => {
  test('demands the present version and answers with the next one', async () => {
    const { id } = await caller.aTenant();

    expect((await caller.call('PUT', `/tenants/${id}`, { version: 1, language: 'de' })).body).toMatchObject({
      version: 2,
      language: 'de',
    });
    const stale = await caller.call('PUT', `/tenants/${id}`, { version: 1, language: 'fr' });
    expect([stale.status, codeOf(stale)]).toEqual([409, 1001]);
    expect((await caller.call('PUT', `/tenants/${id}`, { language: 'fr' })).status).toBe(400);
    expect(caller.simulator.world.tenant(id)).toMatchObject({ language: 'de' });
  });

  test('what is not given stays, null clears', async () => {
    const { id } = await caller.aTenant({ customer_id: 'c-1', internal_tag: 'mark' });

    const { body } = await caller.call('PUT', `/tenants/${id}`, { version: 1, internal_tag: null });

    expect(body).toMatchObject({ customer_id: 'c-1', internal_tag: null });
  });

  test('a unit has no administrator access to change', async () => {
    const customer = await caller.aTenant();
    const unit = await caller.aTenant({ kind: 'unit', parent_id: customer.id });

    const answer = await caller.call('PUT', `/tenants/${unit.id}`, { version: 1, ancestral_access: false });

    expect([answer.status, codeOf(answer)]).toEqual([400, 1027]);
  });

  test('without administrator access the tenant is seen, its users are not', async () => {
    const { id } = await caller.aTenant();
    await caller.call('PUT', `/tenants/${id}`, { version: 1, ancestral_access: false });

    expect((await caller.call('GET', `/tenants/${id}`)).status).toBe(200);
    expect((await caller.call('GET', `/tenants/${id}/users`)).status).toBe(403);
  });

  test('a locked tenant is changed by its owner only', async () => {
    const { id } = await caller.aTenant();
    const owner = caller.simulator.rootTenantId;

    const lock = await caller.call('PUT', `/tenants/${id}`, {
      version: 1,
      update_lock: { enabled: true, owner_id: id },
    });
    expect(lock.body['update_lock']).toEqual({ enabled: true, owner_id: id });
    const answer = await caller.call('PUT', `/tenants/${id}`, {
      version: 2,
      update_lock: { enabled: true, owner_id: owner },
    });
    expect([answer.status, codeOf(answer)]).toEqual([403, 1012]);
  });
});

describe('deleting', () => {
  test('only a disabled tenant goes, with the right version, and all below it', async () => {
    const { id } = await caller.aTenant();
    const user = await caller.aUser(id);

    const enabled = await caller.call('DELETE', `/tenants/${id}?version=1`);
    expect([enabled.status, codeOf(enabled)]).toEqual([400, 1006]);
    await caller.call('PUT', `/tenants/${id}`, { version: 1, enabled: false });
    expect((await caller.call('DELETE', `/tenants/${id}?version=1`)).status).toBe(409);
    expect((await caller.call('DELETE', `/tenants/${id}`)).status).toBe(400);
    expect((await caller.call('DELETE', `/tenants/${id}?version=2`)).status).toBe(204);
    expect((await caller.call('DELETE', `/tenants/${id}?version=2`)).status).toBe(404);
    expect((await caller.call('GET', `/users/${user.id}`)).status).toBe(404);
  });

  test('a deleted tenant is kept, hidden, frees its name, and can be restored', async () => {
    const { id } = await caller.aTenant({ name: 'Acme' });
    await caller.call('PUT', `/tenants/${id}`, { version: 1, enabled: false });
    await caller.call('DELETE', `/tenants/${id}?version=2`);

    expect((await caller.call('GET', `/tenants/${id}`)).status).toBe(404);
    const shown = await caller.call('GET', `/tenants/${id}?allow_deleted=true`);
    expect(shown.body['deleted_at']).not.toBeNull();
    expect((await caller.call('POST', `/tenants/${id}/restore`)).status).toBe(204);
    expect((await caller.call('GET', `/tenants/${id}`)).status).toBe(200);
  });
});

describe('looking', () => {
  test('a list needs exactly one of ids, parent and subtree', async () => {
    expect((await caller.call('GET', '/tenants')).status).toBe(400);
    const { id } = await caller.aTenant({ internal_tag: 'mark' });

    const { body } = await caller.call('GET', `/tenants?parent_id=${caller.simulator.rootTenantId}`);

    expect(ids(body)).toContain(id);
  });

  test('pages follow a cursor that keeps the filters, and lose nothing', async () => {
    const made = [await caller.aTenant(), await caller.aTenant(), await caller.aTenant()].map(({ id }) => id);
    const found: string[] = [];
    let path = `/tenants?parent_id=${caller.simulator.rootTenantId}&limit=2`;
    for (;;) {
      const { body } = await caller.call('GET', path);
      found.push(...ids(body));
      const after = (body['paging'] as { cursors: { after?: string } }).cursors.after;
      if (after === undefined) break;
      path = `/tenants?after=${after}&limit=2`;
    }

    expect(found).toEqual(expect.arrayContaining(made));
    expect(new Set(found).size).toBe(found.length);
  });

  test('a malformed id is 400, an unknown one 404, one of somebody else 403', async () => {
    const { id } = await caller.aTenant();
    expect((await caller.call('GET', '/tenants/acme')).status).toBe(400);
    expect((await caller.call('GET', `/tenants/${nobody}`)).status).toBe(404);

    const client = await caller.call('POST', '/clients', { type: 'api_client', tenant_id: id });
    const own = `${String(client.body['client_id'])}:${String(client.body['client_secret'])}`;
    const token = await askToken(caller.simulator.url, own, { grant_type: 'client_credentials' });
    caller.token = String(token.body['access_token']);
    expect((await caller.call('GET', `/tenants/${caller.simulator.rootTenantId}`)).status).toBe(403);
  });
});

test('an id that cannot be decoded is refused like any malformed one', async () => {
  expect(await caller.call('GET', '/tenants/%E0%A4%A')).toMatchObject({ status: 400 });
});
