import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCloudClients, mayHaveHadEffect, type Acronis, type AcronisError } from '../../acronis/index.js';
import { loadClouds } from '../../settings/client.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { openProxy, type Proxy } from '../support/proxy.js';
import { failureOf } from './stand-in.js';

let simulator: Simulator;
let proxy: Proxy;
beforeAll(async () => {
  simulator = await startSimulator();
  proxy = await openProxy(simulator.url);
});
beforeEach(() => {
  proxy.asked.length = 0;
  proxy.refusing = undefined;
});
afterAll(async () => {
  await proxy.close();
  await simulator.close();
});

/** The client of a cloud, as the command line opens it with these settings. */
function cloudAt(baseUrl: string, settings: Record<string, string>): Acronis {
  const { clientId, clientSecret } = simulator;
  const access = { ACRONIS_BASE_URL: baseUrl, ACRONIS_CLIENT_ID: clientId, ACRONIS_CLIENT_SECRET: clientSecret };
  return createCloudClients(loadClouds({ ...access, ...settings }).clouds, 'test').get('default')!;
}

const newTenant = () => ({ name: 'Northwind', parent_id: simulator.rootTenantId, kind: 'customer' }) as const;

test('a cloud is reached through the proxy for its scheme, with the login of the proxy, also for changes', async () => {
  const acronis = cloudAt('http://cloud.example', { HTTP_PROXY: proxy.url });

  const { id } = await acronis.tenants.create(newTenant());

  expect(simulator.world.tenant(id)).toMatchObject({ name: 'Northwind' });
  expect(proxy.asked).toEqual(['POST http://cloud.example/api/2/idp/token', 'POST http://cloud.example/api/2/tenants']);
  expect([...proxy.logins]).toEqual(['jane:pa55']);
});

test('an https cloud is reached through a tunnel; if the proxy refuses it, the error says so and nothing was sent', async () => {
  const acronis = cloudAt('https://cloud.example', { https_proxy: proxy.url });
  proxy.refusing = 403;

  const failure = (await failureOf(acronis.tenants.create(newTenant()))) as AcronisError;

  expect(proxy.asked).toEqual(['CONNECT cloud.example:443']);
  expect(failure).toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('the proxy refused it with 403'),
  });
  expect(failure.message).not.toContain('pa55');
  expect(mayHaveHadEffect(failure)).toBe(false);
});

test('what NO_PROXY names is reached directly', async () => {
  const acronis = cloudAt('http://cloud.invalid', { HTTP_PROXY: proxy.url, NO_PROXY: '.invalid' });

  await failureOf(acronis.rootTenantId());

  expect(proxy.asked).toEqual([]);
});

test('a cloud on this machine is reached directly whatever the proxy settings say', async () => {
  const acronis = cloudAt(simulator.url, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });

  expect(await acronis.rootTenantId()).toBe(simulator.rootTenantId);

  expect(proxy.asked).toEqual([]);
});

test.each(['socks5://proxy.example:1080', 'http://', 'ftp://proxy.example'])(
  'the proxy %s is refused by the name of its setting',
  (address) => {
    expect(() => cloudAt('https://cloud.example', { HTTPS_PROXY: address })).toThrow(
      /HTTPS_PROXY: must be an address such as "http:\/\/proxy\.example\.com:3128"/,
    );
  },
);
