import { describe, expect, test } from '@jest/globals';
import { customerRequests } from '../../../contract/customer-requests.js';
import { useApi } from './door.js';

// nothing here reaches Temporal
const api = useApi();
const at = (ref: string, more = '') => `/v1/customers/${ref}${more}`;

describe('a request is refused before it is sent', () => {
  const ask = async (name: string, body: unknown) => await api.ask('POST', at('C-0', `/${name}`), { body });

  test.each([
    ['pause', { until: 'soon' }, 'until', 'must be a date, such as 2026-12-31T00:00:00Z'],
    ['hold', { until: '2020-01-01' }, 'until', '2020-01-01 is over'],
    ['adopt', { tenantId: 'x' }, 'tenantId', 'must be the id of a tenant'],
    ['adopt', {}, 'tenantId', 'must be the id of a tenant'],
    ['move', { subscription: 'shop', to: 'C-1' }, 'subscription', 'must be SOURCE/ID, such as shop/sub_1'],
    ['move', { subscription: 'shop/1' }, 'to', 'must be the reference of a customer'],
    ['converge', { fields: 'name' }, 'fields', 'must be names'],
    ['converge', { administrator: 'me' }, 'administrator', 'must be "none", or a person with "email"'],
    ['resume', { actor: 'me' }, 'actor', 'is not a field here'],
    ['release', { reason: ' ' }, 'reason', 'is missing: say why'],
  ])('%s %j', async (name, more, path, message) => {
    expect(await ask(name, { reason: 'agreed', ...more })).toMatchObject({
      status: 422,
      body: { type: 'docs/failures.md#invalidinput', errors: [{ path, message }] },
    });
  });
});

describe('a key', () => {
  test.each(customerRequests)('that only sees cannot ask for %s', async (name) => {
    const body = {};
    expect((await api.ask('POST', at('C-0', `/${name}`), { key: 'read', body })).status).toBe(403);
    const mayOperate = ['pause', 'hold', 'resume'].includes(name);
    const { status } = await api.ask('POST', at('C-0', `/${name}`), { key: 'operate', body });
    expect(status).toBe(mayOperate ? 422 : 403);
  });

  test('that is limited to operations has no access to customers', async () => {
    for (const path of ['/v1/customers', at('C-0'), at('C-0', '/stream'), '/v1/onboardings/C-0'])
      expect(await api.ask('GET', path, { key: 'limited' })).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('this needs a key without such a limit') as unknown },
      });
    const { status } = await api.ask('POST', at('C-0', '/resume'), { key: 'limited', body: { reason: 'r' } });
    expect(status).toBe(403);
  });
});

test('the document says what customers can be asked, and which answers are streams', async () => {
  const { body } = await api.ask('GET', '/openapi.json', { key: 'read' });
  const paths = body['paths'] as Record<string, Record<string, unknown>>;

  for (const name of customerRequests)
    expect(paths[`/v1/customers/{ref}/${name}`]?.['post']).toMatchObject({
      requestBody: {
        content: { 'application/json': { schema: { required: expect.arrayContaining(['reason']) as unknown } } },
      },
    });
  for (const path of ['/v1/operations/{id}/stream', '/v1/customers/{ref}/stream'])
    expect(paths[path]?.['get']).toMatchObject({ responses: { 200: { content: { 'text/event-stream': {} } } } });
  expect(paths['/v1/onboardings/{ref}']).toHaveProperty('get');
});
