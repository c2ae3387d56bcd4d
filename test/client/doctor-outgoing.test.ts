import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { emptyFolder } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';

const signing = `whsec_${Buffer.from('a secret of twenty-four!').toString('base64')}`;
const entry = { url: 'https://crm.example.com/TOKEN', secret: 'env:CRM', events: ['*'] };

/** What doctor says of outgoing events where no Temporal runs. */
async function checksOf(file: unknown, secret = signing): Promise<string[]> {
  const path = join(emptyFolder, 'outgoing.json');
  writeFileSync(path, JSON.stringify(file));
  const settings = { TEMPORAL_ADDRESS: '127.0.0.1:1', TENANTRY_OUTGOING: path, TENANTRY_SECRET_CRM: secret };
  const { stdout } = await tenantry(['doctor', '--json'], settings);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; message: string }[] };
  return checks
    .filter(({ name }) => name === 'outgoing events' || name === 'deliveries')
    .map(({ state, message }) => `${state} ${message}`);
}

test('doctor names the hosts that get events, and no address', async () => {
  const [file, deliveries] = await checksOf([entry]);

  expect(file).toMatch(/^ok 1 address\(es\) in .*: crm\.example\.com$/);
  expect(deliveries).toBe('skipped needs Temporal');
});

test.each<[string, unknown, string | undefined, string[]]>([
  [
    'a secret that cannot sign',
    [entry],
    'short',
    ['fail 0.secret: must be "whsec_" and at least 24 base64 characters'],
  ],
  [
    'every mistake of the file',
    [{ ...entry, url: 'http://crm.example.com/', event: [] }],
    undefined,
    [
      'fail 0.url: must begin with https://; http:// is only for 127.0.0.1',
      'fail 0.event: is not a field of an address; did you mean events?',
    ],
  ],
])('doctor finds %s', async (_what, file, secret, checks) => {
  expect(await checksOf(file, secret)).toEqual(checks);
});
