import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import type { ProduceReportResult } from '../../workflows/produce-report/contract.js';
import { decideFor, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
let made = 0;

/** A customer of its own, so that no two tests order a report on the same tenant. */
function aCustomer(name = `Reported ${(made += 1)}`) {
  const id = env.simulator.world.addTenant({ name, edition: 'standard' });
  return { id, name };
}
const anOrder = (id: string, fields: object = {}) => ({
  tenant: { id },
  kind: 'usage_current',
  level: 'accounts',
  onFailure: 'undo',
  ...fields,
});
const fileOf = (id: string) => env.artefacts.filter(({ name }) => name.includes(id));

describe('a file that is not the report', () => {
  const DOWNLOAD = 'GET /reports/{id}/stored/{id}';
  const faults: [string, Fault][] = [
    ['the page of a proxy', { refuse: 200, html: true }],
    ['something that nobody can read', 'garble'],
  ];

  test.each(faults)('%s, once, is not kept: it is fetched again', async (_words, fault) => {
    const { id, name } = aCustomer();
    env.simulator.faults.next(DOWNLOAD, fault, { about: [id] });

    expect(await env.run('produceReport', anOrder(id))).toMatchObject({ state: 'completed' });
    expect(fileOf(id)).toEqual([expect.objectContaining({ content: expect.stringContaining(name) })]);
  });

  test.each(faults)('%s, time and again, has a person asked, and the cloud keeps the report', async (_words, fault) => {
    const { id } = aCustomer();
    env.simulator.faults.next(DOWNLOAD, fault, { about: [id], times: 4 });
    const handle = await env.begin('produceReport', anOrder(id, { onFailure: 'ask' }));

    expect(await waitForState(handle, 'blocked')).toMatchObject({
      blocked: {
        step: 'keepReport',
        type: 'Acronis.Unreadable',
        message: expect.stringContaining('and the cloud states'),
      },
    });
    expect(fileOf(id)).toEqual([]);
    expect(env.simulator.world.reports(id)).toHaveLength(1);
    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(fileOf(id)).toHaveLength(1);
    expect(env.simulator.world.reports(id)).toEqual([]);
  });
});

test('what is kept is what was received: its bytes and its digest', async () => {
  const { id } = aCustomer('Müller & Söhne');

  const status = (await env.run('produceReport', anOrder(id))) as unknown as ProduceReportResult;

  const { content } = fileOf(id)[0]!;
  expect(content).toContain('Müller & Söhne');
  expect(status.report).toMatchObject({
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  });
});

test.each(['csv', 'csv_v2_0', 'json_v1', 'json_v2_0', 'html'])('a report in %s is kept', async (format) => {
  const { id } = aCustomer();

  expect(await env.run('produceReport', anOrder(id, { format }))).toMatchObject({ state: 'completed' });
  expect(fileOf(id)).toHaveLength(1);
});
