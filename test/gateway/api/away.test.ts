import { afterAll, expect, test } from '@jest/globals';
import { openTemporal } from '../../../gateway/temporal.js';
import { loadGatewaySettings } from '../../../settings/gateway.js';
import { anOrder } from '../../support/orders.js';
import { useApi } from './door.js';

// nothing listens on port 1
const client = openTemporal(loadGatewaySettings({}, { TEMPORAL_ADDRESS: '127.0.0.1:1' }));
afterAll(async () => await client.connection.close());
const api = useApi({ client, taskQueue: 'tenantry' });

test.each([
  ['GET', '/v1/operations'],
  ['GET', '/v1/calendar'],
  ['GET', '/v1/reconcile'],
  ['GET', '/v1/sources'],
  ['GET', '/v1/changes'],
  ['GET', '/v1/operations?customer=x'],
  ['GET', '/v1/operations/provisionCustomer%3Ax'],
  ['GET', '/v1/operations/provisionCustomer%3Ax/input'],
  ['GET', '/v1/show/tree'],
  ['POST', '/v1/operations/provisionCustomer/plan'],
  ['POST', '/v1/operations/provisionCustomer'],
  ['POST', '/v1/operations/provisionCustomer%3Ax/retry'],
  ['POST', '/v1/operations/provisionCustomer%3Ax/cancel'],
  ['GET', '/v1/operations/provisionCustomer%3Ax/stream'],
  ['GET', '/v1/customers'],
  ['GET', '/v1/customers?search=x'],
  ['GET', '/v1/customers/x'],
  ['GET', '/v1/customers/x/stream'],
  ['POST', '/v1/customers/x/pause'],
  ['GET', '/v1/onboardings/x'],
] as const)('%s %s says 503 and when to try again, while Temporal is away', async (method, path) => {
  const input = /provisionCustomer(\/plan)?$/.test(path) ? anOrder() : { reason: 'a test' };
  const { status, headers, body } = await api.ask(method, path, method === 'POST' ? { body: input } : {});

  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  expect(body).toMatchObject({
    type: 'docs/failures.md#unavailable',
    detail: expect.stringContaining('Temporal') as unknown,
  });
});
