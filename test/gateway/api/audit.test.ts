import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { AuditReader, type AuditRow } from '../../../catalogue/audit-lines.js';
import { openAuditLog, type AuditLog } from '../../../gateway/api/audit-log.js';
import { tenantryHere } from '../../support/command-here.js';
import { useApi } from './door.js';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'audit.jsonl');

let isFull = false;
const file = await openAuditLog(path);
const audit: AuditLog = {
  write: async (line) => {
    if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    await file.write(line);
  },
};
const api = useApi(undefined, { audit });

function rows(of = path): AuditRow[] {
  const reader = new AuditReader();
  for (const line of readFileSync(of, 'utf8').split('\n')) reader.read(line);
  return reader.rows;
}

test('a request that may change something is written down with its outcome, and nothing of its body', async () => {
  const { body } = await api.ask('POST', '/v1/operations/provisionCustomer', {
    key: 'operate',
    body: { customer: { name: '' }, contact: 'jane@example.com' },
  });

  expect(rows().at(-1)).toMatchObject({
    key: 'operate',
    role: 'operate',
    address: '127.0.0.1',
    what: 'provisionCustomer',
    outcome: 'refused',
    status: 422,
    requestId: body['requestId'],
  });
  expect(readFileSync(path, 'utf8')).not.toMatch(/jane|key-of/);
});

test('a refused one names the run that it was about', async () => {
  await api.ask('POST', '/v1/operations/provisionCustomer%3Ax/retry', { key: 'read', body: { reason: 'r' } });

  expect(rows().at(-1)).toMatchObject({ key: 'read', what: 'retry', id: 'provisionCustomer:x', status: 403 });
});

test.each([
  ['GET', '/v1/operations/x', 'decide'],
  ['GET', '/openapi.json', 'decide'],
  ['POST', '/v1/operations/provisionCustomer/plan', 'decide'],
  ['POST', '/v1/operations/provisionCustomer', 'nobody'],
  ['POST', '/v1/nowhere', 'decide'],
] as const)('%s %s with the key %s is not written down', async (method, at, key) => {
  const before = rows().length;
  await api.ask(method, at, { key, ...(method === 'POST' && { body: {} }) });

  expect(rows()).toHaveLength(before);
});

test('while the log cannot be written, nothing is changed and everything can be read', async () => {
  isFull = true;
  const refused = await api.ask('POST', '/v1/operations/x/cancel', { body: { reason: 'r' } });
  const read = await api.ask('GET', '/openapi.json');
  isFull = false;

  expect(refused).toMatchObject({
    status: 503,
    body: { detail: expect.stringMatching(/ENOSPC.*nothing was done.*TENANTRY_AUDIT_LOG/) as unknown },
  });
  expect(read.status).toBe(200);
});

test('a file that was moved away is begun again, and half a line spoils no other', async () => {
  const moved = join(folder, 'audit.jsonl.1');
  renameSync(path, moved);
  await api.ask('POST', '/v1/operations/x/cancel', { key: 'read', body: { reason: 'r' } });
  expect(rows()).toHaveLength(1);
  expect(rows(moved).length).toBeGreaterThan(1);

  const torn = join(folder, 'torn.jsonl');
  writeFileSync(torn, '{"at":"2026');
  const log = await openAuditLog(torn);
  const at = new Date().toISOString();
  await log.write({ at, requestId: 'r', phase: 'asked', key: 'k', role: 'read', address: 'a', what: 'cancel' });
  expect(rows(torn)).toMatchObject([{ requestId: 'r', outcome: 'unknown', status: null, id: null }]);
});

test('a log that cannot be written is refused by its setting when the gateway starts', async () => {
  await expect(openAuditLog(join(folder, 'none', 'audit.jsonl'))).rejects.toThrow(/TENANTRY_AUDIT_LOG.*ENOENT/);
});

test('the command line shows it as a table, JSON and CSV', async () => {
  const log = join(folder, 'shown.jsonl');
  const asked = { at: '2026-11-30T10:00:00.000Z', phase: 'asked', role: 'decide', address: '::1', what: 'retry' };
  const lines = [
    { ...asked, requestId: '1', key: 'desk', id: 'provisionCustomer:x' },
    { ...asked, requestId: '2', key: 'shop', id: '=cmd' },
    { at: asked.at, requestId: '1', phase: 'answered', outcome: 'done', status: 200 },
  ];
  writeFileSync(log, `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnonsense\n`);
  const shown = async (...more: string[]) => await tenantryHere(['audit', log, ...more]);

  expect(await shown('--key', 'desk')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^AT .*\n2026-11-30T10:00:00.000Z +desk +retry +provisionCustomer:x +done +200\n$/),
    stderr: expect.stringContaining('not of an audit log: 1'),
  });
  expect((await shown('--csv')).stdout.split('\r\n')).toEqual([
    'at,key,role,address,what,id,outcome,status,requestId',
    '2026-11-30T10:00:00.000Z,desk,decide,::1,retry,provisionCustomer:x,done,200,1',
    "2026-11-30T10:00:00.000Z,shop,decide,::1,retry,'=cmd,unknown,,2",
    '',
  ]);
  expect(JSON.parse((await shown('--json', '--since', '2100-01-01')).stdout)).toEqual([]);
  expect(await tenantryHere(['audit', join(folder, 'none')])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no such file'),
  });
});
