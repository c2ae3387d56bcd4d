import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { all, items, sendsAsDocumented } from './endpoint-table.js';
import { textOf } from '../support/file-content.js';
import { failureOf, startStandIn, TENANT_ID, USER_ID } from './stand-in.js';

const R = `/api/2/reports/${USER_ID}`;
const report = { id: USER_ID, version: 1, generation_date: '2024-07-02' };
const parameters = { tenant_id: TENANT_ID, level: 'accounts', kind: 'usage_current', formats: ['csv_v2_0'] } as const;
const usage = { name: 'pg_base_storage', usage_name: 'storage', value: 5, absolute_value: 7 };
const token = { id: 17, token: '7K2P-9QWX-31AB', tenant_uuid: TENANT_ID, scopes: ['x'] };

sendsAsDocumented([
  [
    'POST /api/2/reports',
    async (a) => a.reports.create({ ...parameters, hide_zero_usage: undefined }),
    [200, report],
    { parameters, schedule: { type: 'once' }, result_action: 'save' },
  ],
  [`GET ${R}`, async (a) => a.reports.get(USER_ID), [200, report], ''],
  [`GET ${R}/stored`, async (a) => a.reports.stored(USER_ID), items({ status: 'in_progress' }), ''],
  [
    `GET ${R}/stored/file-1`,
    async (a) => textOf(a.reports.download(USER_ID, 'file-1', { format: 'csv', size: 4 }).content),
    [200, 'a,b\n'],
    '',
  ],
  [`DELETE ${R}?version=1`, async (a) => a.reports.remove(USER_ID, 1), [204], ''],
  [`GET /api/2/tenants/${TENANT_ID}/reports`, async (a) => a.reports.idsOf(TENANT_ID), items(USER_ID), ''],
  [
    `GET /api/2/tenants/usages?tenants=${TENANT_ID},${USER_ID}`,
    async (a) => all(a.usages.ofTenants([TENANT_ID, USER_ID])),
    items({ tenant: TENANT_ID, usages: [usage] }),
    '',
  ],
  [
    `POST /api/2/tenants/${TENANT_ID}/registration_tokens`,
    async (a) => a.registrationTokens.create(TENANT_ID, { expires_in: 3600, scopes: ['x'] }),
    [200, token],
    { expires_in: 3600, scopes: ['x'] },
  ],
  [
    `GET /api/2/tenants/${TENANT_ID}/registration_tokens`,
    async (a) => a.registrationTokens.list(TENANT_ID),
    items(token),
    '',
  ],
  ['DELETE /api/2/registration_tokens/17', async (a) => a.registrationTokens.remove('17'), [204], ''],
]);

const csv = '\uFEFFapplication.id,tenant.id,name,usage.absolute.total\r\n6e6d,1,"Ärzte & Söhne, Inc",1.5\r\n';

test('returns a file byte for byte, of any type, with its byte order mark', async () => {
  const cloud = await startStandIn(() => [200, csv, { 'content-type': 'application/octet-stream' }]);
  const size = Buffer.byteLength(csv);

  const { content, summary } = cloud.acronis.reports.download(USER_ID, 'file-1', { format: 'csv_v2_0', size });

  expect(await textOf(content)).toBe(csv);
  expect(summary()).toEqual({ bytes: size, rows: 1, tenants: ['1'] });
  expect(cloud.calls[0]?.headers.accept).toBe('*/*');
  await cloud.close();
});

const packed = gzipSync(csv);

test.each<[string, Record<string, string>, number]>([
  ['packed on the way, of its own size', { 'content-encoding': 'gzip' }, Buffer.byteLength(csv)],
  [
    'packed on the way, of its packed size',
    { 'content-encoding': 'gzip', 'content-length': String(packed.length) },
    packed.length,
  ],
  ['that is packed and says nothing of it', {}, packed.length],
])('takes a file %s, unpacked', async (_words, headers, size) => {
  const cloud = await startStandIn((_seen, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', ...headers }).end(packed);
    return undefined;
  });

  const { content } = cloud.acronis.reports.download(USER_ID, 'file-1', { format: 'csv_v2_0', size });

  expect(await textOf(content)).toBe(csv);
  await cloud.close();
});

test("accepts neither a proxy's page nor a part of a file as the file", async () => {
  const answers = ['<html>Welcome</html>', '', csv.slice(0, -5)];
  const cloud = await startStandIn(() => [200, answers.shift(), { 'content-type': 'application/octet-stream' }]);
  const expected = { format: 'csv_v2_0', size: null } as const;
  const download = async () => failureOf(textOf(cloud.acronis.reports.download(USER_ID, 'file-1', expected).content));

  for (const reason of ['no column', 'the file is empty', 'the last line has no end'])
    expect(await download()).toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining(reason),
    });
  await cloud.close();
});

test('requests the usages of many tenants 100 at a time, and reads them with any form of quota', async () => {
  const odd = { ...usage, offering_item: { status: 1, quota: {} } };
  const cloud = await startStandIn(() => items({ tenant: TENANT_ID, usages: [odd] }));

  const found = await all(cloud.acronis.usages.ofTenants(Array.from({ length: 150 }, () => TENANT_ID)));

  expect(found).toHaveLength(2);
  expect(cloud.calls).toHaveLength(2);
  await cloud.close();
});
