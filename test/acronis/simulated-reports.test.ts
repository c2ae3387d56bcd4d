import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAcronis, type Acronis, type StoredReport } from '../../acronis/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { failureOf } from './stand-in.js';
import { textOf } from '../support/file-content.js';

let simulator: Simulator;
let acronis: Acronis;
beforeEach(async () => {
  simulator = await startSimulator();
  const { url: baseUrl, clientId, clientSecret } = simulator;
  acronis = createAcronis({ baseUrl, clientId, clientSecret, version: '1.0.0' });
});
afterEach(async () => {
  const { unknownRoutes } = simulator;
  await simulator.close();
  expect(unknownRoutes).toEqual([]);
});

const rootReport = () => ({
  tenant_id: simulator.rootTenantId,
  level: 'accounts' as const,
  kind: 'usage_current' as const,
  formats: ['csv_v2_0' as const],
});
async function saved(reportId: string): Promise<StoredReport> {
  for (;;) {
    const [file] = await acronis.reports.stored(reportId);
    if (file?.status === 'saved') return file;
  }
}

test('orders a report, watches its progress, downloads it, and deletes it', async () => {
  const { id, version } = await acronis.reports.create(rootReport());

  const [unfinished] = await acronis.reports.stored(id);
  const file = await saved(id);
  const { content } = acronis.reports.download(id, file.id!, { format: 'csv_v2_0', size: file.size });

  expect(unfinished).toMatchObject({ status: 'in_progress' });
  expect(file).toMatchObject({ report_format: 'csv_v2_0' });
  expect(await textOf(content)).toMatch(/^tenant\.id,/);
  expect(await acronis.reports.idsOf(simulator.rootTenantId)).toContain(id);
  await acronis.reports.remove(id, version!);
  expect(await failureOf(acronis.reports.get(id))).toMatchObject({ kind: 'not-found' });
});

test('creates a registration token, lists it, and revokes it', async () => {
  const tenantId = simulator.world.addTenant({ name: 'Northwind' });
  const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];

  const token = await acronis.registrationTokens.create(tenantId, { expires_in: 3600, scopes });
  const listed = await acronis.registrationTokens.list(tenantId);
  await acronis.registrationTokens.remove(token.id);

  expect(token.token).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/);
  expect(listed).toEqual([token]);
  expect(await acronis.registrationTokens.list(tenantId)).toEqual([]);
});
