import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { PlanPreview } from '../../../client/plan-changes.js';
import type { RolloutStatus } from '../../../contract/rollout.js';
import { tenantryHere } from '../../support/command-here.js';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { workerFiles } from '../../support/fact-reader.js';
import { waitUntil } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';

let files = workerFiles();
/** How often a customer has asked for the terms of a plan. */
let asked = 0;
/** Why no worker gives any, if none does. */
let trouble: string | undefined;
const env = useTestEnvironment(
  {},
  {
    readFacts: (facts) => files.readFacts(facts),
    readTerms: (of) => {
      asked += 1;
      if (trouble !== undefined) throw ApplicationFailure.nonRetryable(trouble);
      return files.readTerms(of);
    },
  },
);
const aCustomer = customersIn(env);

afterEach(() => void (files = workerFiles()));

test('customers that are blocked for an unknown product go on when a plan names it, whether the sender has versions or not', async () => {
  const customers = await Promise.all(
    [{}, { version: 7 }].map(
      async (more) => await aCustomer({ items: [{ product: 'price_new', quantity: 3 }], ...more }),
    ),
  );
  for (const customer of customers) {
    const { blocked } = await customer.until(({ state }) => state === 'blocked');
    expect(blocked?.message).toContain('price_new');
  }

  files = workerFiles({ fresh: { offeringItems: ['servers'], sold: { store: ['price_new'] } } });

  for (const customer of customers)
    expect(await customer.until(({ state }) => state === 'steady')).toMatchObject({
      subscriptions: [{ items: [{ plan: 'fresh', quantity: 3 }] }],
      applied: { offeringItems: ['servers'] },
      events: [{ outcome: 'applied' }],
    });
});

describe('plans apply', () => {
  const small = { offeringItems: ['servers'], quotas: { servers: { perUnit: 1 } }, sold: { store: ['price_office'] } };
  const large = {
    ...small,
    offeringItems: ['servers', 'workstations'],
    quotas: { servers: { perUnit: 2 } },
    rules: { paused: 'ask' },
    language: 'de',
  };
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-plans-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => change(small));

  /** What the file of the command says from now on; the files of the worker follow unless told otherwise. */
  function change(office: object | undefined, worker = office): void {
    const sold = { shop: ['price_desktop'], store: ['price_desktop'] };
    const desktop = { offeringItems: ['workstations'], quotas: { workstations: { perUnit: 1 } }, sold };
    const rules = { pastDue: [{ after: '1 second', do: 'suspend' }] };
    writeFileSync(
      join(folder, 'plans.json'),
      JSON.stringify({ plans: { desktop: { ...desktop, rules }, ...(office && { office }) } }),
    );
    files = workerFiles(worker && { office: worker });
  }
  const stripe = { kind: 'stripe', secrets: ['env:X'] };
  writeFileSync(join(folder, 'sources.json'), JSON.stringify({ shop: stripe, store: { ...stripe, act: 'apply' } }));
  const plansApply = async (...args: string[]) =>
    await tenantryHere(['plans', 'apply', ...args], {
      TEMPORAL_ADDRESS: env.engine.address,
      TENANTRY_TASK_QUEUE: env.taskQueue,
      TENANTRY_PLANS: join(folder, 'plans.json'),
      TENANTRY_SOURCES: join(folder, 'sources.json'),
    });
  const preview = async (customer: TestCustomer) =>
    JSON.parse((await plansApply('--only', customer.ref, '--json')).stdout) as PlanPreview;
  const APPLY = ['--apply', '--reason', 'agreed with Jane'];
  const apply = async (...customers: TestCustomer[]) => {
    const ended = await plansApply('--only', customers.map(({ ref }) => ref).join(','), ...APPLY, '--json');
    return { ...ended, rollout: ended.code === 2 ? undefined : (JSON.parse(ended.stdout) as RolloutStatus) };
  };
  const anOffice = async (quantity = 3, more = {}) => {
    const customer = await aCustomer({ items: [{ product: 'price_office', quantity }] }, more);
    return customer;
  };
  const aSteadyOffice = async () => {
    const customer = await anOffice();
    await customer.until(({ state }) => state === 'steady');
    return customer;
  };
  const itemsOf = async (customer: TestCustomer) => {
    const { tenantId } = await customer.status();
    const items = env.simulator.world.items(tenantId!);
    return Object.fromEntries(items.map(({ name, quota }) => [name, quota?.value ?? null]));
  };

  test('shows what changes, changes nothing before a person says so, then rolls it out; the next one is empty', async () => {
    const customer = await aSteadyOffice();
    change(large);

    const shown = await plansApply('--only', customer.ref);
    expect(shown).toMatchObject({ code: 0, stderr: 'nothing is changed yet: --apply --reason "…" rolls it out\n' });
    expect(shown.stdout.split('\n')[1]!.split(/ {2,}/)).toEqual([
      customer.ref,
      `Customer ${customer.ref}`,
      'steady',
      'office',
      'workstations on, unlimited; quotas.servers 3 → 6; office.paused suspend → ask; stays as created: office.placement.language en → de',
    ]);
    await customer.tell({ items: [{ product: 'price_office', quantity: 4 }] });
    await customer.until(({ runs, state }) => runs.length === 2 && state === 'steady');
    expect(await itemsOf(customer)).toEqual({ servers: 4 });

    const { code, rollout } = await apply(customer);
    expect({ code, rollout }).toMatchObject({ code: 0, rollout: { id: 'rollout:applyPlans', counts: { done: 1 } } });
    expect(await itemsOf(customer)).toEqual({ servers: 8, workstations: null });
    expect(env.simulator.world.tenant((await customer.status()).tenantId!)).toMatchObject({ language: 'en' });

    expect(await plansApply('--only', customer.ref, ...APPLY)).toMatchObject({
      code: 0,
      stdout: 'every customer of the cloud default has its plans as they are\n',
      stderr: '',
    });
  });

  test('waits while the workers have an older file, which never wins', async () => {
    const customer = await aSteadyOffice();
    change(large, small);
    asked = 0;
    const applied = apply(customer);
    await waitUntil(async () => asked > 0);
    expect((await customer.status()).wanted.quotas).toEqual({ servers: { limit: 3 } });

    change(large);

    expect((await applied).rollout).toMatchObject({ state: 'completed', counts: { done: 1 } });
    expect(await itemsOf(customer)).toEqual({ servers: 6, workstations: null });
  });

  test('changes nothing where no worker gives the terms, and does after a retry', async () => {
    const customer = await aSteadyOffice();
    change(large);
    trouble = 'give all workers the same plans.json';
    const { code, rollout } = await apply(customer);
    trouble = undefined;

    expect({ code, rollout }).toMatchObject({
      code: 4,
      rollout: { customers: [{ outcome: 'failed', why: 'give all workers the same plans.json' }] },
    });
    expect((await customer.status()).wanted.quotas).toEqual({ servers: { limit: 3 } });
    const handle = env.client.workflow.getHandle('rollout:applyPlans');
    await handle.executeUpdate('retry', { args: [{ actor: 'bob', reason: 'they have it now' }] });
    expect(await handle.result()).toMatchObject({ state: 'completed', counts: { done: 1 } });
    expect(await itemsOf(customer)).toEqual({ servers: 6, workstations: null });
  });

  test('counts for customers that are observed, paused or held, and does for each only what it may', async () => {
    const observed = await aCustomer({ items: [{ plan: 'office', quantity: 3 }] }, { source: 'shop' });
    const [paused, held] = [await aSteadyOffice(), await aSteadyOffice()];
    await observed.until(({ events }) => events.length === 1);
    await paused.ask('pause', { reason: 'on holiday' });
    await held.ask('hold');
    change(large);

    const { code, rollout } = await apply(observed, paused, held);

    expect({ code, customers: rollout?.customers.toSorted((one, other) => (one.ref < other.ref ? -1 : 1)) }).toEqual({
      code: 0,
      customers: [
        {
          ref: observed.ref,
          outcome: 'skipped',
          state: 'observed',
          why: 'it is only observed: nothing is done for it',
        },
        { ref: paused.ref, outcome: 'skipped', state: 'paused', why: 'ann (not verified) has paused it: on holiday' },
        { ref: held.ref, outcome: 'done' },
      ].toSorted((one, other) => (one.ref < other.ref ? -1 : 1)),
    });
    expect((await observed.status()).wanted.quotas).toEqual({ servers: { limit: 6 } });
    expect([await itemsOf(paused), await itemsOf(held)]).toEqual([{ servers: 3 }, { servers: 6, workstations: null }]);
    await paused.ask('resume');
    await paused.until(({ state, runs }) => state === 'steady' && runs.length === 2);
    expect(await itemsOf(paused)).toEqual({ servers: 6, workstations: null });
  });

  test('gives a retired plan to those who have it, and leaves the terms of a plan that is not in the file any more', async () => {
    const customer = await aSteadyOffice();
    change({ ...small, retired: true });
    expect(await preview(customer)).toMatchObject({ customers: [], absent: [] });
    change({ ...large, retired: true });
    expect(await preview(customer)).toMatchObject({ customers: [{ plans: ['office'] }] });
    change(undefined);

    expect(await preview(customer)).toMatchObject({
      customers: [],
      absent: [{ source: 'store', plan: 'office', customers: 1 }],
    });
    expect(await plansApply('--only', customer.ref)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        'the plan office, sold by store, is not in plans.json: 1 customer(s) keep its terms\n',
      ),
    });
  });

  test.each<[string[], string]>([
    [[], 'Name the customers by --only, or give --all for all of the cloud.'],
    [['--all', '--only', 'C-1'], 'Name the customers by --only'],
    [['--all', '--apply'], 'Say why with --reason'],
    [['--all', '--reason', 'why'], '--reason goes with --apply'],
    [
      ['--only', 'C-9,C-8'],
      'Nothing is changed: no source has spoken of a customer C-9; no source has spoken of a customer C-8.',
    ],
  ])('is refused with %j', async (args, message) => {
    expect(await plansApply(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
