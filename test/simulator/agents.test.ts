import { describe, expect, test } from '@jest/globals';
import { narrow, useCaller } from './caller.js';

const caller = useCaller();
const agents = '/api/agent_manager/v2/agents';
type Agent = { id: string; hostname: string; online: boolean; tenant: { id: string; name: string } };
const list = async (query = '') => (await caller.callAt('GET', `${agents}${query}`)).body['items'] as Agent[];

describe('agents', () => {
  test('each seeded customer has one; a caller sees those of its tenant and below', async () => {
    expect((await list()).map(({ tenant }) => tenant.name)).toEqual(['Seeded Customer', 'Taken Name, Inc']);
    const { id } = await caller.aTenant();
    caller.simulator.world.addMachine({ tenantId: id, hostname: 'ours.local' });

    await narrow(caller, id);

    expect((await list()).map(({ hostname }) => hostname)).toEqual(['ours.local']);
  });

  test('are asked for by the number of a tenant, never by its long id', async () => {
    const { id, name } = await caller.aTenant();
    caller.simulator.world.addMachine({ tenantId: id });
    const group = await caller.callAt('GET', `/api/1/groups/${id}`);
    const number = String(group.body['id']);

    expect((await list(`?tenant_id=${number}`)).map(({ tenant }) => tenant)).toEqual([{ id: number, name }]);
    const byHeader = await caller.callAt('GET', agents, undefined, { 'x-apigw-tenant-id': number });
    expect(byHeader.body['items']).toHaveLength(1);
    const wrong = await caller.callAt('GET', `${agents}?tenant_id=${id}`);
    expect([wrong.status, wrong.body]).toEqual([
      400,
      expect.objectContaining({ code: 'BAD_REQUEST', domain: 'AGENT_MANAGER' }),
    ]);
  });

  test('behind a barrier are not seen', async () => {
    const { id } = await caller.aTenant();
    caller.simulator.world.addMachine({ tenantId: id, hostname: 'hidden.local' });
    await caller.call('PUT', `/tenants/${id}`, { version: 1, ancestral_access: false });

    expect((await list()).map(({ hostname }) => hostname)).not.toContain('hidden.local');
  });

  test('are found by a part of their name, by system and by being online, and come in order and page by page', async () => {
    const { id: tenantId } = await caller.aTenant();
    const { agentId } = caller.simulator.world.addMachine({ tenantId, hostname: 'db-1.local', family: 'LINUX' });
    caller.simulator.world.setOnline(agentId, false);
    const names = async (query: string) => (await list(query)).map(({ hostname }) => hostname);

    expect(await names('?hostname=hlike(db)')).toEqual(['db-1.local']);
    expect(await names('?os_family=linux')).toEqual(['db-1.local']);
    expect(await names('?online=false')).toEqual(['db-1.local']);
    expect(await names('?order=desc(hostname)')).toEqual(['ws-taken.local', 'ws-seeded.local', 'db-1.local']);
    const first = await caller.callAt('GET', `${agents}?limit=2&order=asc(hostname)`);
    const { after } = (first.body['paging'] as { cursors: { after: string } }).cursors;
    expect(await names(`?after=${after}&limit=2`)).toEqual(['ws-taken.local']);
  });

  test('go when deleted, and going twice does no harm', async () => {
    const [{ id }] = (await list()) as [Agent];

    expect((await caller.callAt('GET', `${agents}/${id}`)).body).toMatchObject({ id, online: true });
    expect((await caller.callAt('DELETE', `${agents}/${id}`)).status).toBe(204);
    expect((await caller.callAt('DELETE', `${agents}/${id}`)).status).toBe(204);
    expect((await caller.callAt('GET', `${agents}/${id}`)).status).toBe(404);
  });
});

describe('a token with which a machine registers itself', () => {
  const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];

  test('is made for a customer or for a user’s own tenant, listed, and revoked', async () => {
    const { id } = await caller.aTenant();
    const personal = String((await caller.aUser(id))['personal_tenant_id']);
    const path = `/tenants/${personal}/registration_tokens`;

    const { status, body } = await caller.call('POST', path, { expires_in: 3600, scopes });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      tenant_uuid: personal,
      token: expect.stringMatching(/^([A-Z0-9]{4}-){2}[A-Z0-9]{4}$/),
      scopes,
    });
    expect((await caller.call('GET', path)).body['items']).toEqual([body]);
    expect((await caller.call('DELETE', `/registration_tokens/${String(body['id'])}`)).status).toBe(204);
    expect((await caller.call('GET', path)).body['items']).toEqual([]);
  });

  test.each([
    ['without an end', { scopes }],
    ['for more than a year', { expires_in: 400 * 86_400, scopes }],
    ['without scopes', { expires_in: 60, scopes: [] }],
    ['with an unknown scope', { expires_in: 60, scopes: ['everything'] }],
  ])('%s is refused', async (_what, body) => {
    const { id } = await caller.aTenant();

    expect((await caller.call('POST', `/tenants/${id}/registration_tokens`, body)).status).toBe(400);
  });

  test('is also given at the oldest address, where the answer ends with a line end', async () => {
    const { id } = await caller.aTenant();

    const answer = await caller.callAt('POST', '/bc/api/account_server/registration_tokens', {
      tenant_id: id,
      expires_in: 60,
      scopes,
    });

    expect(answer.body).toMatchObject({ tenant_uuid: id });
    expect(answer.text.endsWith('}\n')).toBe(true);
  });
});
