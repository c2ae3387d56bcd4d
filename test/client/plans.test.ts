import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { emptyFolder } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';

const example = fileURLToPath(new URL('../../../examples/plans.json', import.meta.url));

test('plans check lists the plans of the example, of the file that TENANTRY_PLANS names', async () => {
  const { code, stdout } = await tenantry(['plans', 'check'], { TENANTRY_PLANS: example });

  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['PLAN', 'HAS', 'QUOTAS', 'SOLD AS'],
    [
      'backup-standard',
      'storage, workstations, trial',
      'workstations 1 each, storage 100 GiB each',
      'shop price_backup, panel 12, panel 14',
    ],
    ['backup-servers', 'servers, storage, production', 'servers 1 each, storage 2 TiB', 'shop price_servers'],
    ['per-gigabyte', 'edition pck_per_gigabyte, trial', 'unlimited', 'psa BACKUP-GB'],
    ['backup-2024', 'workstations, trial, retired', 'unlimited'],
    [''],
  ]);
});

test('plans check names every problem of a file', async () => {
  const file = { plans: { gold: { price: 5 }, silver: { edition: 'e', maxQuantity: 0 } } };
  const ended = await tenantry(['plans', 'check', '-', '--json'], {}, JSON.stringify(file));

  expect(ended.code).toBe(2);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    error: {
      problems: expect.arrayContaining([
        { path: 'plans.gold.price', message: 'is not a field here' },
        { path: 'plans.silver.maxQuantity', message: 'must be at least 1' },
      ]),
    },
  });
});

test('plans check warns where a plan protects and no secrets can be kept', async () => {
  const settings = { TENANTRY_PLANS: example, TENANTRY_SECRETS_STORE: '' };
  const warned = await tenantry(['plans', 'check'], settings);
  const quiet = await tenantry(['plans', 'check'], { ...settings, TENANTRY_SECRETS_STORE: '/secrets' });

  expect([warned.code, quiet.code]).toEqual([0, 0]);
  expect(warned.stderr).toMatch(/! plans\.backup-standard\.protect: .*TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS/);
  expect(quiet.stderr).not.toContain('protect');
});

test('plans check names the setting of a file that is not there', async () => {
  expect(await tenantry(['plans', 'check'], { TENANTRY_PLANS: '/nope.json' })).toMatchObject({
    code: 2,
    stderr: 'There is no file called /nope.json (TENANTRY_PLANS).\n',
  });
});

test('plans check without a file says which setting is missing', async () => {
  expect(await tenantry(['plans', 'check'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('TENANTRY_PLANS'),
  });
});

describe('what the plans name', () => {
  const sources = inFolder('sources.json', {
    shop: { kind: 'stripe', secrets: ['file:x'], cloud: 'us' },
    panel: { kind: 'whmcs', secrets: ['file:x'] },
  });
  const cloud = { baseUrl: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y' };
  const clouds = inFolder('clouds.json', { eu: cloud, us: cloud });

  async function problemsOf(file: object, variables: Record<string, string>): Promise<string[]> {
    const ended = await tenantry(['plans', 'check', '-', '--json'], variables, JSON.stringify(file));
    const { error } = JSON.parse(ended.stdout) as { error?: { problems: { path: string; message: string }[] } };
    expect(ended.code).toBe(error === undefined ? 0 : 2);
    return (error?.problems ?? []).map(({ path, message }) => `${path}: ${message}`);
  }
  const plan = (fields: object) => ({ plans: { gold: { edition: 'e', ...fields } } });

  test('every source of "sold" must be in sources.json', async () => {
    const sold = plan({ sold: { panel: ['1'], shpo: ['2'] } });
    expect(await problemsOf(sold, { TENANTRY_SOURCES: sources })).toEqual([
      'plans.gold.sold.shpo: sources.json has no source shpo; did you mean shop?',
    ]);
    const without = await tenantry(['plans', 'check', '-'], {}, JSON.stringify(sold));
    expect(without).toMatchObject({ code: 0, stderr: expect.stringContaining('TENANTRY_SOURCES is not set') });
  });

  test('every cloud must be configured, where clouds are', async () => {
    const file = { ...plan({ cloud: 'eu' }), defaults: { cloud: 'au' } };
    const both = { plans: { ...file.plans, silver: { edition: 'e' } }, defaults: file.defaults };
    expect(await problemsOf(both, { TENANTRY_CLOUDS: clouds })).toEqual([
      'defaults.cloud: no cloud au is configured here, only eu, us; did you mean eu?',
    ]);
    const without = await tenantry(['plans', 'check', '-'], {}, JSON.stringify(both));
    expect(without).toMatchObject({ code: 0, stderr: expect.stringContaining('no cloud is configured here') });
  });

  test('a plan without a cloud needs the cloud default, unless each source that sells it has one', async () => {
    const here = { TENANTRY_CLOUDS: clouds, TENANTRY_SOURCES: sources };
    expect(await problemsOf(plan({ sold: { shop: ['1'] } }), here)).toEqual([]);
    const problem = ['defaults.cloud: no cloud default is configured here, only eu, us'];
    expect(await problemsOf(plan({ sold: { shop: ['1'], panel: ['1'] } }), here)).toEqual(problem);
    expect(await problemsOf(plan({}), { TENANTRY_CLOUDS: clouds })).toEqual(problem);
  });
});

describe('plans check --online', () => {
  let simulator: Simulator;
  let cloud: Record<string, string>;
  beforeAll(async () => {
    simulator = await startSimulator();
    const { url, clientId, clientSecret } = simulator;
    cloud = { ACRONIS_BASE_URL: url, ACRONIS_CLIENT_ID: clientId, ACRONIS_CLIENT_SECRET: clientSecret };
  });
  afterAll(async () => await simulator.close());
  const online = async (file: object, more: Record<string, string> = {}) =>
    await tenantry(['plans', 'check', '-', '--online', '--json'], { ...cloud, ...more }, JSON.stringify(file));
  const problemsOf = async (file: object, more: Record<string, string> = {}) => {
    const { code, stdout } = await online(file, more);
    expect(code).toBe(2);
    return (JSON.parse(stdout) as { error: { problems: { path: string; message: string }[] } }).error.problems;
  };

  test('the plans of the example are offered; one look-up for all of them, and nothing is changed', async () => {
    const before = simulator.journal.calls().length;
    const ended = await tenantry(['plans', 'check', example, '--online'], cloud);
    expect(ended.code).toBe(0);
    const routes = simulator.journal.calls().slice(before);
    expect(routes.filter(({ route }) => route.includes('available_for_child'))).toHaveLength(1);
    expect(routes.filter(({ route }) => !route.startsWith('GET ') && route !== 'POST /idp/token')).toEqual([]);
  });

  test('items, editions, storages and units that are not offered are named with their paths', async () => {
    const id = '11111111-1111-4111-8111-111111111111';
    const file = {
      defaults: { infra: { backup: id } },
      plans: {
        items: { offeringItems: ['worksttions', 'storage'], infra: {} },
        edition: { edition: 'pck_per_gigabytes', infra: {} },
        unit: { offeringItems: ['workstations'], quotas: { workstations: { perUnit: '1 GiB' } }, infra: {} },
        storage: { offeringItems: ['storage'] },
        old: { offeringItems: ['no-longer'], retired: true },
      },
    };
    expect(await problemsOf(file)).toEqual([
      {
        path: 'plans.items.offeringItems',
        message: 'the parent does not offer "worksttions"; did you mean workstations?',
      },
      { path: 'plans.edition.edition', message: expect.stringContaining('does not offer "pck_per_gigabytes"') },
      { path: 'plans.unit.quotas.workstations.perUnit', message: expect.stringContaining('whole number') },
      { path: 'defaults.infra.backup', message: expect.stringContaining(`${id} is not among those offered`) },
    ]);
  });

  test('it asks the tenant below which the customers are created, as plan, source or file say', async () => {
    const parentTenantId = '11111111-1111-4111-8111-111111111111';
    const shop = { kind: 'stripe', secrets: ['file:x'] };
    const gold = { edition: 'pck_per_gigabyte', sold: { shop: ['1'] } };
    const message = `the cloud default shows our API client no tenant ${parentTenantId}`;

    const inPlan = { plans: { gold: { ...gold, parentTenantId } } };
    expect(await problemsOf(inPlan)).toEqual([{ path: 'plans.gold.parentTenantId', message }]);
    const inFile = { plans: { gold }, defaults: { parentTenantId } };
    expect(await problemsOf(inFile)).toEqual([{ path: 'defaults.parentTenantId', message }]);
    const TENANTRY_SOURCES = inFolder('placed.json', { shop: { ...shop, parentTenantId } });
    expect(await problemsOf({ plans: { gold } }, { TENANTRY_SOURCES })).toEqual([
      { path: 'plans.gold.sold.shop', message },
    ]);
  });

  test('a cloud that does not answer, or refuses us, is exit code 1; none at all is refused', async () => {
    const file = { plans: { gold: { edition: 'pck_per_gigabyte' } } };
    expect((await online(file, { ACRONIS_CLIENT_SECRET: 'wrong' })).code).toBe(1);
    expect((await online(file, { ACRONIS_BASE_URL: 'http://127.0.0.1:9' })).code).toBe(1);
    const nowhere = await tenantry(['plans', 'check', example, '--online']);
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('No cloud is configured here') });
  });
});

function inFolder(name: string, value: object): string {
  writeFileSync(join(emptyFolder, name), JSON.stringify(value));
  return join(emptyFolder, name);
}
