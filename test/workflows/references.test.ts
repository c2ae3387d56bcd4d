import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { catalogue } from '../../catalogue/index.js';
import { REVISION } from '../../contract/revision.js';
import { definitions } from '../../planning/definitions.js';
import { places } from '../support/activities.js';
import { apiClients } from '../support/api-clients.js';
import { customersToOffboard } from '../support/customers-to-offboard.js';
import { anOrder, exampleOf } from '../support/orders.js';
import { decideFor, startBlocked } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

// orders here name no place for data
const env = useVirtualEnvironment({ storages: 1, drSites: 1, fileStorages: 1 });
const { leaving } = customersToOffboard(env);
const { anOrder: aClientOrder } = apiClients(env);
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const ABSENT = 'file:absent';
const activation = { by: 'password', secretRef: ABSENT };
let made = 0;

afterEach(() => {
  places.absentSecrets.clear();
  places.checkSecretStore = () => undefined;
  places.store = { state: 'ok', message: 'a store in memory' };
});

function aUser(role: string) {
  made += 1;
  const user = { login: `referring-${made}`, email: `referring-${made}@example.com` };
  return { user, role, activation, onFailure: 'undo' };
}
const aTenant = () => ({ id: env.simulator.world.addTenant({ name: `Referring ${made}` }) });

/** An order of each operation that refers to a secret; some operations refer to one in two ways. */
const referring: [operation: string, order: () => object][] = [
  ['provisionCustomer', () => anOrder({ activation })],
  ['onboardCustomer', () => anOrder({ activation })],
  [
    'provisionPartner',
    () => {
      const { user: administrator, role: _role, ...order } = aUser('');
      return { partner: { name: `Partner of ${administrator.login}` }, editions: 'all', administrator, ...order };
    },
  ],
  ['addUser', () => ({ ...aUser('company_admin'), tenant: aTenant() })],
  ['enableBackupUser', () => ({ ...aUser('backup_user'), tenant: aTenant() })],
  ['enableBackupUser', () => ({ ...aUser('backup_user'), customer: { name: `New ${made}, Inc` } })],
  ['createApiClient', () => aClientOrder({ login: { login: 'admin', secretRef: ABSENT } })],
];

test('the list above has every operation whose input has a secret reference', () => {
  const refers = (name: string) => JSON.stringify(z.toJSONSchema(catalogue[name]!.schema)).includes('"secretRef"');
  const operations = Object.keys(catalogue).filter(refers);
  expect(new Set(referring.map(([operation]) => operation))).toEqual(new Set(operations));
});

test('every operation that stores a report checks the store', () => {
  const stepsOf = (name: string): readonly string[] => {
    const reading = catalogue[name]!.read(exampleOf(name));
    return reading.ok ? definitions.get(name)!.steps(reading.order as never, REVISION) : [];
  };
  const having = (step: string) => Object.keys(catalogue).filter((name) => stepsOf(name).includes(step));
  expect(having('checkArtefactStore')).toEqual(having('keepReport'));
  expect(having('keepReport')).toEqual(['offboardCustomer', 'produceReport']);
});

describe('a secret that the worker cannot read', () => {
  test.each(referring)(
    'is found by %s before anything is made, and the reason names the field',
    async (name, order) => {
      places.absentSecrets.add(ABSENT);
      const input = order();
      env.calls();

      expect(await env.run(name, input)).toMatchObject({
        failureType: 'Refused',
        reason: {
          message: expect.stringMatching(/(activation|login)\.secretRef: file:absent is not on this worker/),
        },
      });
      expect(writes()).toEqual([]);
    },
  );

  test('is reported together with a taken login and an item that is not offered, and such a run can be replayed', async () => {
    places.absentSecrets.add(ABSENT);
    const order = anOrder({
      activation,
      administrator: { login: 'taken.login' },
      offeringItems: ['nothing'] as never,
    });

    const handle = await env.start(order);
    const { reason } = (await statusAtEnd(handle)) as unknown as { reason: { message: string } };

    for (const part of ['"nothing"', 'taken.login', ABSENT]) expect(reason.message).toContain(part);
    await env.replay(handle);
  });

  test('blocks an order that asks, and the run goes on once the secret is there', async () => {
    places.absentSecrets.add(ABSENT);
    env.calls();
    const handle = await startBlocked(env, 'provisionCustomer', anOrder({ activation, onFailure: 'ask' }));
    expect(await handle.query('status')).toMatchObject({ blocked: { step: 'checkSecret', type: 'Tenantry.Secret' } });
    expect(writes()).toEqual([]);
    places.absentSecrets.clear();

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  });

  // a run of onboardCustomer waits for machines by then
  test.each(referring.filter(([name]) => !['createApiClient', 'onboardCustomer'].includes(name)))(
    'does not matter to %s once the user is active: the same order changes nothing',
    async (name, order) => {
      const input = order();
      expect(await env.run(name, input, `active-${name}-${made}`)).toMatchObject({ state: 'completed' });
      places.absentSecrets.add(ABSENT);

      const again = await env.run(name, input, `active-${name}-${made}`);

      expect(again).toMatchObject({ state: 'completed', changed: false });
      expect(again.steps.map((step) => step.name)).not.toContain('checkSecret');
      expect(again).toMatchObject({ adopted: expect.not.arrayContaining(['checkSecret']) });
    },
  );
});

test('createApiClient and issueAgentToken find a secret store that cannot be written before anything is made', async () => {
  places.checkSecretStore = () => {
    throw new Error("EROFS: read-only file system, mkdir '/secrets'");
  };
  env.calls();

  for (const [name, order] of [
    ['createApiClient', aClientOrder()],
    ['issueAgentToken', { tenant: aTenant(), onFailure: 'undo' }],
  ] as const)
    expect(await env.run(name, order)).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/this worker cannot store secrets: EROFS: read-only/) },
    });
  expect(writes()).toEqual([]);
});

describe('an artefact store that refuses', () => {
  const refusing = { state: 'refused', message: 'bucket reports: 404; there is no such bucket' } as const;

  test('is found by produceReport before the report is ordered', async () => {
    places.store = refusing;
    env.calls();

    const order = { tenant: aTenant(), kind: 'usage_current', level: 'accounts', onFailure: 'undo' };

    expect(await env.run('produceReport', order)).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringContaining('there is no such bucket') },
    });
    expect(writes()).toEqual([]);
  });

  test('is found by offboardCustomer before the customer is disabled', async () => {
    places.store = refusing;
    const { id, order } = leaving();
    env.calls();

    expect(await env.run('offboardCustomer', order)).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringContaining('there is no such bucket') },
    });
    expect(writes()).toEqual([]);
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });

  test('does not matter to an offboarding without a report', async () => {
    places.store = refusing;
    const { order } = leaving({ finalReport: false });

    expect(await env.run('offboardCustomer', order)).toMatchObject({ state: 'completed' });
  });

  test('that does not answer now is no reason to refuse', async () => {
    places.store = { state: 'unsure', message: 'bucket reports: no answer' };
    const order = { tenant: aTenant(), kind: 'usage_current', level: 'accounts', onFailure: 'undo' };

    expect(await env.run('produceReport', order)).toMatchObject({ state: 'completed' });
  });
});
