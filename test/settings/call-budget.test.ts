import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readSettings } from '../../settings/reader.js';
import { workerSchema } from '../../settings/worker.js';
import { problemsOf } from '../support/problems.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-call-budget-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = workerSchema.pick({ clouds: true });
const access = { baseUrl: 'http://127.0.0.1:1', clientId: 'id', clientSecret: 'secret' };
const inVariables = {
  ACRONIS_BASE_URL: access.baseUrl,
  ACRONIS_CLIENT_ID: access.clientId,
  ACRONIS_CLIENT_SECRET: access.clientSecret,
};

/** The budget of each cloud. */
function read(given: Record<string, string>) {
  const { clouds } = readSettings(schema, { ...inVariables, ...given }).clouds;
  return Object.fromEntries(Object.entries(clouds).map(([name, { callsPerSecond }]) => [name, callsPerSecond]));
}

function fileWith(callsPerSecond: unknown): Record<string, string> {
  const path = join(folder, 'clouds.json');
  writeFileSync(path, JSON.stringify({ eu: { ...access, callsPerSecond }, us: access }));
  return { TENANTRY_CLOUDS: path };
}

test('a cloud has no budget unless one is set; the file wins over the variable', () => {
  expect(read({})).toEqual({ default: undefined });
  expect(read({ TENANTRY_CALLS_PER_SECOND: '2.5' })).toEqual({ default: 2.5 });
  expect(read(fileWith(7))).toEqual({ default: undefined, eu: 7, us: undefined });
  expect(read({ ...fileWith(7), TENANTRY_CALLS_PER_SECOND: '3' })).toEqual({ default: 3, eu: 7, us: 3 });
});

const PROBLEM = 'must be a number of calls per second from 0.1 to 10000, such as 10';

test.each(['0', '-1', 'ten', '10/s', '1e3', '0x10', '10001', '0.05', 'NaN', ' '])(
  'TENANTRY_CALLS_PER_SECOND=%s is refused with the remedy',
  (text) => {
    expect(problemsOf(() => read({ TENANTRY_CALLS_PER_SECOND: text }))).toEqual([
      `TENANTRY_CALLS_PER_SECOND: ${PROBLEM}`,
    ]);
  },
);

test.each([0, -1, '10', null, 10_001])('%p is refused in the file, with the cloud', (value) => {
  const [problem] = problemsOf(() => read(fileWith(value)));
  expect(problem).toContain(`eu.callsPerSecond: ${PROBLEM}`);
});
