import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProduceReportResult } from '../../workflows/produce-report/contract.js';
import { openBucket, type Bucket } from '../support/bucket.js';
import { emptyFolder } from '../support/command.js';
import { waitUntil } from '../support/runs.js';
import { exampleOf } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const ID = 'produceReport:own-usage_current-accounts';
let bucket: Bucket;
beforeAll(async () => {
  bucket = await openBucket();
});
afterAll(async () => {
  await bucket.close();
});

const input = () => {
  const path = join(emptyFolder, 'order.json');
  writeFileSync(path, JSON.stringify(exampleOf('produceReport')));
  return path;
};
const show = async (...args: string[]) => await env.tenantry(['show', 'report', ...args], bucket.settings);

describe('a worker that keeps its files in a bucket', () => {
  test('says that the bucket refuses a file while it does, keeps it afterwards, and the rows can be shown', async () => {
    await env.worker.stop();
    await env.replaceWorker(bucket.settings);
    bucket.refusing = 403;
    await env.tenantry(['run', 'produceReport', '--input', input(), '--no-wait']);
    const status = async () => (await env.tenantry(['status', ID])).stdout;
    await waitUntil(async () => (await status()).includes('bucket reports: AccessDenied'));
    expect(await status()).toMatch(/keepReport running.*may these credentials put and get objects there\?/);

    bucket.refusing = undefined;
    const ended = JSON.parse((await env.tenantry(['run', 'produceReport', '--input', input(), '--json'])).stdout);

    const { report } = ended as ProduceReportResult;
    expect(report.artefact).toMatch(/^s3:\/\/reports\/reports\/.*\.csv$/);
    expect(bucket.objects.get(report.artefact.replace('s3://', ''))?.type).toMatch(/^text\/csv/);
    expect(await status()).toContain(
      `  report ${report.artefact}, ${report.bytes} bytes, ${report.rows} rows: tenantry show`,
    );
    const { code, stdout } = await show(ID);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TENANT +KIND +NAME +EDITION +UNIT +PRODUCTION +TRIAL +TOTAL\n/);
    const rows = JSON.parse((await show(report.artefact, '--json')).stdout) as object[];
    expect(rows).toHaveLength(report.rows!);
    expect(rows[0]).toMatchObject({
      measurement_unit: expect.any(String),
      'usage.effective.total': expect.any(Number),
    });
  });

  test('passes the check of doctor, without a change', async () => {
    const kept = bucket.objects.size;

    const { stdout } = await env.tenantry(['doctor'], { ...env.cloud(), ...bucket.settings });

    expect(stdout).toContain(`artefacts: bucket reports at ${bucket.endpoint}`);
    expect(bucket.objects.size).toBe(kept);
  });
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'half of the settings',
    { TENANTRY_ARTEFACTS_PREFIX: 'x' },
    /TENANTRY_ARTEFACTS_PREFIX: needs TENANTRY_ARTEFACTS_BUCKET/,
  ],
  [
    'a bucket and nobody to ask for it',
    { TENANTRY_ARTEFACTS_BUCKET: 'another', AWS_ACCESS_KEY_ID: '', AWS_EC2_METADATA_DISABLED: 'true' },
    /artefact store cannot be used: bucket another: .*set (AWS_ACCESS_KEY_ID|TENANTRY_ARTEFACTS_REGION)/,
  ],
])('a worker with %s does not start, and says why', async (_words, wrong, sentence) => {
  const settings = 'TENANTRY_ARTEFACTS_BUCKET' in wrong ? { ...bucket.settings, ...wrong } : wrong;

  const { code, stderr } = await env.tenantry(['worker'], { ...env.cloud(), ...settings });

  expect(code).not.toBe(0);
  expect(stderr).toMatch(sentence);
});

test('a missing bucket stops no worker, which reports it', async () => {
  await env.worker.stop();

  await env.replaceWorker({ ...bucket.settings, TENANTRY_ARTEFACTS_BUCKET: 'another' });

  expect(env.worker.log()).toMatch(/"type":"Tenantry.Artefact".*bucket another: .*no such bucket/);
});

describe('anything that is not a report', () => {
  test.each<[string, string, RegExp]>([
    ['a run that nobody knows', 'produceReport:nobody', /There is no run produceReport:nobody/],
    ['a file that is not there', 'nowhere.csv', /There is no file nowhere\.csv/],
    ['a file of another machine', 'file:///nowhere/usage.csv', /cannot be read here: .*Run this where the worker runs/],
    ['an object that is not there', 's3://reports/nowhere.csv', /s3:\/\/reports\/nowhere\.csv: .*404/],
  ])('%s is refused in one sentence', async (_words, which, sentence) => {
    const { code, stderr } = await show(which);

    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(sentence);
  });

  test('a page of HTML is refused too, with what to order instead', async () => {
    const path = join(emptyFolder, 'usage.html');
    writeFileSync(path, '<table></table>');

    expect(await show(path)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is not a report in CSV or JSON.*csv_v2_0/),
    });
  });
});

test('a file is shown with as many rows as are wanted, and as CSV with every column', async () => {
  const path = join(emptyFolder, 'usage.csv');
  writeFileSync(path, 'tenant.id,name,usage.effective.total\r\n1,storage,1.23456\r\n2,vms,3\r\n');

  expect((await show(path)).stdout).toBe(
    'TENANT.ID  NAME     UNIT  TOTAL\n1          storage  GiB   1.235\n2          vms            3\n',
  );
  const { stdout, stderr } = await show(path, '--csv', '--limit', '1');
  expect(stdout).toBe('tenant.id,name,usage.effective.total,measurement_unit\r\n1,storage,1.23456,GiB\r\n');
  expect(stderr).toContain('There are 1 more than these 1');
});
