import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { createCloudClients } from '../../acronis/index.js';
import { certificate, certificateKey } from '../support/tls.js';
import { failureOf } from './stand-in.js';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function portOf(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.each<[what: string, server: Server, words: RegExp]>([
  [
    'a certificate of an unknown authority',
    createServer({ cert: certificate, key: certificateKey }),
    /its certificate is from an authority that this machine does not trust; NODE_EXTRA_CA_CERTS .* \([A-Z_]+\)$/,
  ],
  ['a server without TLS', createPlainServer(), /it does not use TLS.* \([A-Z_]+\)$/],
])('%s is put in plain words', async (_what, server, words) => {
  const baseUrl = `https://127.0.0.1:${await portOf(server)}`;
  const cloud = createCloudClients({ eu: { baseUrl, clientId: 'x', clientSecret: 'y' } }, '0').get('eu')!;

  expect(await failureOf(cloud.rootTenantId())).toMatchObject({
    kind: 'unavailable',
    message: expect.stringMatching(words),
  });
});
