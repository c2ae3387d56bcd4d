import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { openSecretStore, parseKeys } from '../../vault/index.js';
import { emptyFolder } from '../support/command.js';
import { tenantryHere } from '../support/command-here.js';
import { PASSWORD_PREFIX } from '../support/leaks.js';
import { anOrder } from '../support/orders.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

const folder = join(emptyFolder, `places-${randomUUID()}`);
const store = join(folder, 'store');
const keys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
mkdirSync(folder);
writeFileSync(join(folder, 'jane'), `${PASSWORD_PREFIX} jane`);
const places = { TENANTRY_SECRETS_DIR: folder, TENANTRY_SECRETS_STORE: store, TENANTRY_CODEC_KEYS: keys };

async function plan(operation: string, order: unknown, variables: Record<string, string>) {
  const { url, clientId, clientSecret } = simulator;
  const file = join(emptyFolder, `${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(order));
  return await tenantryHere(['plan', operation, '--input', file], {
    ACRONIS_BASE_URL: url,
    ACRONIS_CLIENT_ID: clientId,
    ACRONIS_CLIENT_SECRET: clientSecret,
    TEMPORAL_ADDRESS: '127.0.0.1:9',
    ...variables,
  });
}
const withPassword = (secretRef: string) => anOrder({ onFailure: 'ask', activation: { by: 'password', secretRef } });

describe('a plan of an order with a secret', () => {
  test.each([
    ['file:absent', /the file absent in TENANTRY_SECRETS_DIR cannot be found/],
    ['store:absent', /no secret absent in the store \("tenantry secret put absent"/],
  ])('%s that is not in its place says that the run would wait, and why', async (secretRef, why) => {
    const { code, stdout } = await plan('provisionCustomer', withPassword(secretRef), places);

    expect(code).toBe(4);
    expect(stdout).toMatch(/at checkSecret: Tenantry\.Secret: activation\.secretRef: /);
    expect(stdout).toMatch(why);
  });

  test.each(['file:jane', 'store:jane', 'env:JANE'])('%s that is there has no warning', async (secretRef) => {
    await openSecretStore(store, parseKeys(keys)).put('jane', `${PASSWORD_PREFIX} jane`);
    const environment = { ...places, TENANTRY_SECRET_JANE: `${PASSWORD_PREFIX} jane` };

    const { code, stdout } = await plan('provisionCustomer', withPassword(secretRef), environment);

    expect(code).toBe(0);
    expect(stdout).toContain(`checkSecret: Can ${secretRef} be read?`);
    expect(stdout).not.toMatch(/not known here/);
    expect(stdout).not.toContain(PASSWORD_PREFIX);
  });

  test.each(['file:jane', 'store:jane', 'env:JANE'])('%s warns where only a worker can say', async (secretRef) => {
    const { code, stdout } = await plan('provisionCustomer', withPassword(secretRef), {});

    expect(code).toBe(0);
    expect(stdout).toContain(`whether the workers can read ${secretRef} is not known here`);
  });
});

test('a plan says that a report cannot be stored', async () => {
  const { rootTenantId: id } = simulator;
  const order = { tenant: { id }, kind: 'usage_current', level: 'all_customers' };
  const TENANTRY_ARTEFACTS_DIR = join(folder, 'jane');

  const { code, stdout } = await plan('produceReport', order, { TENANTRY_ARTEFACTS_DIR });

  expect(code).toBe(4);
  expect(stdout).toMatch(
    /checkArtefactStore: Tenantry\.Artefact: the report cannot be stored: folder .*jane cannot be written/,
  );
});
