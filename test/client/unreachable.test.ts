import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, createSecureServer } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporalUnreachable } from '../../contract/unreachable.js';
import { emptyFolder, tenantry } from '../support/command.js';
import { authority, certificate, certificateKey } from '../support/tls.js';

const trusted = join(emptyFolder, 'authority.pem');
writeFileSync(trusted, authority);
const cloud = { ACRONIS_BASE_URL: 'http://127.0.0.1:1', ACRONIS_CLIENT_ID: 'x', ACRONIS_CLIENT_SECRET: 'y' };

const servers: Server[] = [];
const ports: Record<string, number> = {};
async function listen(name: string, server: Server): Promise<void> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  ports[name] = (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  await listen('plain', createServer());
  await listen('tls', createSecureServer({ cert: certificate, key: certificateKey }));
  const client = { requestCert: true, rejectUnauthorized: true, ca: authority };
  await listen('for clients', createSecureServer({ cert: certificate, key: certificateKey, ...client }));
  await listen(
    'other',
    createTcpServer((socket) => socket.on('error', () => undefined).end('220 mail ready\r\n')),
  );
  await listen('closed', createTcpServer());
  servers.pop()!.close();
});
afterAll(() => {
  for (const server of servers) server.close();
});

const trust = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: trusted };

describe.each(['worker', 'list'])('%s says in one sentence why Temporal cannot be used, and what to do', (command) => {
  test.each<[where: string, settings: Record<string, string>, RegExp]>([
    [
      'closed',
      {},
      /^Temporal does not answer at 127.0.0.1:\d+: nothing listens there. Start one .* or set TEMPORAL_ADD/,
    ],
    ['plain', { TEMPORAL_TLS: 'true' }, /cannot be used: it does not use TLS. Set TEMPORAL_TLS=false/],
    [
      'tls',
      { TEMPORAL_TLS: 'true' },
      /: its certificate is from an authority .* not trust. Set TEMPORAL_TLS_SERVER_CA_/,
    ],
    ['tls', trust, /: its certificate is for another name. .* TEMPORAL_TLS_SERVER_NAME/],
    [
      'for clients',
      { ...trust, TEMPORAL_TLS_SERVER_NAME: 'other.example' },
      // the server may close the connection before its refusal is read
      /: it does not accept this client without the right certificate. Set TEMPORAL_TLS_CLIENT_CERT_PATH|not as Temporal does/,
    ],
    [
      'tls',
      { TEMPORAL_TLS_CLIENT_CERT_PATH: trusted, TEMPORAL_TLS_CLIENT_KEY_PATH: trusted },
      /of this client cannot be/,
    ],
    ['other', {}, /: something answers there, but not as Temporal does. Correct TEMPORAL_ADDRESS/],
  ])('%s, %j', async (where, settings, sentence) => {
    const address = `127.0.0.1:${ports[where]}`;
    const ended = await tenantry([command], { ...cloud, TEMPORAL_ADDRESS: address, ...settings });

    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(ended.stderr.trimEnd()).not.toMatch(/\n|tonic|Error|Custom|[Ww]arning|::|\{/);
  });
});

test.each<[raw: string, problem: string]>([
  ['14 UNAVAILABLE: Name resolution failed for target dns:nowhere.invalid:7233', 'there is no host of that name'],
  [
    'tonic::transport::Error(Transport, ConnectError(ConnectError("dns error", Custom {…})))',
    'there is no host of that',
  ],
  ['InvalidCertificate(Expired) }))', 'its certificate has expired'],
  ['No connection established. Last error: Error: certificate has expired', 'its certificate has expired'],
  ['connect EHOSTUNREACH 10.0.0.1:7233', 'the network does not lead there'],
  [
    "Failed to call GetSystemInfo: code: 'The request does not have valid authentication credentials'",
    'refuses the cre',
  ],
  ['7 PERMISSION_DENIED: Request unauthorized.', 'it refuses the credentials'],
  ['no answer within 10 s', 'time is up'],
])('%s is put in plain words', (raw, problem) => {
  expect(temporalUnreachable('here:7233', new Error(raw)).message).toContain(problem);
});
