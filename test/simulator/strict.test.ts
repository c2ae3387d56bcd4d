import { describe, expect, test } from '@jest/globals';
import { useCaller, type Caller } from './caller.js';

const strict = useCaller({ strict: true });
const lenient = useCaller();

/** What the vendor's own examples send and its schemas forbid. */
const forbidden: [string, (by: Caller) => Promise<[method: string, path: string, body: object]>, string][] = [
  [
    'a field that the schema does not know',
    async ({ simulator }) => [
      'POST',
      '/tenants',
      { name: 'Acme', kind: 'customer', parent_id: simulator.rootTenantId, enhanced_security: true },
    ],
    'field enhanced_security is not allowed',
  ],
  [
    'a boolean and a version as text',
    async (by) => ['PUT', `/tenants/${(await by.aTenant()).id}`, { version: '1', enabled: 'false' }],
    'enabled must be of type boolean; version must be of type integer',
  ],
  [
    'a whole pricing object',
    async (by) => {
      const path = `/tenants/${(await by.aTenant()).id}/pricing`;
      return ['PUT', path, { ...(await by.call('GET', path)).body, mode: 'production' }];
    },
    'field production_start_date is not allowed',
  ],
  [
    'a list of items with the rest of the answer around it',
    async (by) => [
      'PUT',
      `/tenants/${(await by.aTenant()).id}/offering_items`,
      { offering_items: [], timestamp: 'now' },
    ],
    'field timestamp is not allowed',
  ],
  [
    'an option as text, deep inside',
    async ({ simulator }) => [
      'POST',
      '/reports',
      {
        parameters: { tenant_id: simulator.rootTenantId, level: 'itself', kind: 'usage_current', show_skus: 'true' },
        schedule: { type: 'once' },
        result_action: 'save',
      },
    ],
    'parameters.show_skus must be of type boolean',
  ],
];

describe('what the schemas forbid', () => {
  test.each(forbidden)('the strict simulator refuses %s, and says where it is', async (_what, call, problem) => {
    const answer = await strict.call(...(await call(strict)));

    expect(answer.status).toBe(400);
    expect(answer.text).toContain(problem);
  });

  test.each(forbidden)('the ordinary simulator accepts %s, as the platform does', async (_what, call) => {
    expect((await lenient.call(...(await call(lenient)))).status).toBeLessThan(300);
  });
});

test('the strict simulator accepts what the schemas allow', async () => {
  const { id, version } = await strict.aTenant({
    contact: { email: 'a@example.com' },
    settings: { enhanced_security: true },
  });
  const user = await strict.aUser(id, { notifications: [] });

  expect((await strict.call('PUT', `/tenants/${id}`, { version, internal_tag: null })).status).toBe(200);
  expect((await strict.call('PUT', `/tenants/${id}/mfa/status`, { enabled: true })).status).toBe(200);
  expect((await strict.call('POST', `/users/${user.id}/send-activation-email`)).status).toBe(204);
});

test('a cursor of tasks or agents allows no other filter', async () => {
  const path = '/api/task_manager/v2/tasks';
  const { body } = await strict.callAt('GET', `${path}?limit=10`);
  const { after } = (body['paging'] as { cursors: { after: string } }).cursors;

  expect((await strict.callAt('GET', `${path}?limit=10&after=${after}`)).status).toBe(200);
  expect((await strict.callAt('GET', `${path}?limit=10&lod=short&after=${after}`)).status).toBe(400);
});
