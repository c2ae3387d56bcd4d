import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { withPage } from '../support/browser.js';
import { customersIn } from '../support/customers.js';
import { readFacts } from '../support/fact-reader.js';
import { anOrder } from '../support/orders.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { waitForState } from '../support/runs.js';
import { actorKeys, sign } from '../support/actor-keys.js';
import { useTestEnvironment } from '../support/use-test-environment.js';
import { openDoor } from '../gateway/doors.js';
import { keyOf, secretOf } from '../gateway/page/visitor.js';
import { engageAndRelease } from './brake-on-page.js';
import { faultsOf, reportsOf, tabTo } from './looks.js';

const env = useTestEnvironment({}, { readFacts, answers: true, actorKeys });
const aCustomer = customersIn(env);
let door: Awaited<ReturnType<typeof openDoor>>;
beforeAll(async () => {
  const keys = [keyOf('ann', 'decide')];
  const publicUrl = () => 'http://127.0.0.1:1';
  const source = { kind: 'stripe', mode: 'live', isListed: false };
  const sources = () => [
    { ...source, name: 'shop', act: 'observe' },
    { ...source, name: 'store', act: 'apply' },
  ];
  const { client, taskQueue } = env;
  door = await openDoor({ keys: () => keys, client, taskQueue, publicUrl, sources, sign });
});
afterAll(async () => await door.close());

async function logIn(page: Page): Promise<void> {
  await page.goto(door.url);
  await page.keyboard.press('Tab');
  await tabTo(page, '#key');
  await page.keyboard.type(secretOf('ann'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

const taken = { customer: { name: 'Bakery Huber' }, administrator: { login: 'demo.admin' }, onFailure: 'ask' };

test('a run appears, blocks, is amended and ends, all while somebody looks on', async () => {
  await withPage(async (page) => {
    const reports = await reportsOf(page);
    const faults: string[] = [];
    await page.goto(door.url);
    faults.push(...(await faultsOf(page, 'log-in')));
    await logIn(page);
    await page.getByText('Nothing has happened yet').waitFor();
    faults.push(...(await faultsOf(page, 'empty')));

    const run = await env.start(anOrder(taken), 'provisionCustomer:huber');
    await page.getByRole('heading', { name: /"demo.admin" is taken/ }).waitFor();
    faults.push(...(await faultsOf(page, 'board')));
    await page.getByRole('link', { name: 'Bakery Huber' }).click();
    await page.getByText('A person must act').waitFor();
    faults.push(...(await faultsOf(page, 'run')));

    await page.getByRole('link', { name: 'Amend…' }).click();
    await page.getByRole('textbox', { name: 'Email' }).last().fill('nobody');
    await page.getByLabel('Why?').fill('the login is in use');
    await page.getByRole('button', { name: 'Amend and go on' }).click();
    await page.getByRole('link', { name: 'administrator.email' }).click();
    faults.push(...(await faultsOf(page, 'amend')));
    await page.getByRole('textbox', { name: 'Email' }).last().fill('huber@example.com');
    await page.getByLabel('Login').fill('huber');
    await page.getByRole('button', { name: 'Amend and go on' }).click();
    await page.waitForURL(/runs\/provisionCustomer/);
    await page.locator('.head .state', { hasText: 'completed' }).waitFor();
    await page.getByText('ann (verified) chose amend for checkLogin: the login is in use').waitFor();
    faults.push(...(await faultsOf(page, 'ended')));

    expect(await run.result()).toMatchObject({ state: 'completed', decisions: [{ actor: 'ann', verified: true }] });
    expect(faults).toEqual([]);
    expect(reports).toEqual([]);
  });
});

async function startTaken(name: string, id: string): Promise<void> {
  const run = await env.start(anOrder({ ...taken, customer: { name } }), `provisionCustomer:${id}`);
  await waitForState(run, 'blocked');
}

/** Many runs that wait for one reason, one of which ends while somebody decides for all. */
async function decideForMany(page: Page): Promise<void> {
  const faults: string[] = [];
  const names = ['Optik Sommer', 'Hotel Adler', 'Print Shop Lang', 'Garage Meier'];
  for (const [nth, name] of names.entries()) await startTaken(name, `many-${nth}`);
  await page.goto(door.url);
  await page.getByRole('link', { name: 'Decide for all 4…' }).waitFor();
  await tabTo(page, '[href^="/cause?"]');
  await page.keyboard.press('Enter');
  await page.getByText('One decision for 4 runs').waitFor();
  faults.push(...(await faultsOf(page, 'cause')));
  const first = env.client.workflow.getHandle('provisionCustomer:many-0');
  await first.executeUpdate('abort', { args: [{ actor: 'bob', reason: 'they called' }] });
  await statusAtEnd(first);
  await tabTo(page, '#reason');
  await page.keyboard.type('they went elsewhere');
  await tabTo(page, 'button.grave');
  await page.keyboard.press('Enter');
  await page.getByText('Done: 3 decided, 1 ended meanwhile').waitFor();
  faults.push(...(await faultsOf(page, 'outcomes')));
  expect(faults).toEqual([]);
}

test('by the keyboard alone a person finds a blocked run and ends it, and then many with one decision', async () => {
  await startTaken('Cafe Central', 'central');
  await withPage(async (page) => {
    await logIn(page);
    const link = '[href="/runs/provisionCustomer%3Acentral"]';
    await page.locator(link).waitFor();
    await tabTo(page, link);
    await page.keyboard.press('Enter');
    await page.getByText('A person must act').waitFor();
    await tabTo(page, '#reason');
    await page.keyboard.type('they went elsewhere');
    await tabTo(page, 'button.grave');
    await page.keyboard.press('Enter');
    await page.locator('.head .state', { hasText: 'undone' }).waitFor();

    await tabTo(page, '[type=search]');
    await page.keyboard.type('Cafe Central');
    await page.keyboard.press('Enter');
    await page.getByText('1 found for').waitFor();
    expect(await page.locator(link).count()).toBe(1);
    await decideForMany(page);
  });
});

test('what a person types stays while the run goes on, and a changed run is shown at once', async () => {
  env.simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 503 }, { times: Infinity });
  await env.start(anOrder({ customer: { name: 'Law Office Weiss' } }), 'provisionCustomer:weiss');
  await withPage(async (page) => {
    await logIn(page);
    await page.getByRole('link', { name: 'Law Office Weiss' }).click();
    await page.getByText('Cancel this run').click();
    await page.getByLabel('Why?').fill('not yet');
    await page.getByText(/running, \d+ attempts/).waitFor();
    env.simulator.faults.clear();
    await page.locator('.steps .done', { hasText: 'applyOfferingItems' }).waitFor();
    await page.locator('.head .state', { hasText: 'completed' }).waitFor();

    await page.goto(`${door.url}/start/provisionCustomer`);
    const faults = [...(await faultsOf(page, 'start-form'))];
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByText('This is what Start would do').waitFor();
    faults.push(...(await faultsOf(page, 'plan', '#plan')));
    await page.goto(`${door.url}/start`);
    faults.push(...(await faultsOf(page, 'start')));
    await page.goto(`${door.url}/start/produceReport?as=json`);
    faults.push(...(await faultsOf(page, 'start-json')));
    expect(faults).toEqual([]);
  });
});

/** Overviews, and what is on each. */
const overviews = {
  Reconcile: 'A tenant, and nothing is sold',
  Changes: 'they pay by bank',
  Sources: 'It sends: its last event came within a day',
  'Look-ups': 'A tenant and everything below it',
};

test('a sale appears as a customer, whom a person pauses and holds with a reason, and the overviews show it', async () => {
  await withPage(async (page) => {
    const reports = await reportsOf(page);
    await logIn(page);
    await page.getByRole('link', { name: 'Customers' }).click();
    await page.getByText('No customers yet').waitFor();
    const customer = await aCustomer();
    const faults: string[] = [];
    await page.getByRole('link', { name: customer.ref }).waitFor();
    faults.push(...(await faultsOf(page, 'customers')));
    await page.getByRole('link', { name: customer.ref }).click();
    await page.locator('.head .state', { hasText: 'steady' }).waitFor();
    faults.push(...(await faultsOf(page, 'customer')));

    await page.getByText('Pause', { exact: true }).first().click();
    await page.locator('#pause-until').fill('soon');
    await page.locator('#pause-reason').fill('they moved');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/until: must be a date/).waitFor();
    expect(await page.locator('#pause-reason').inputValue()).toBe('they moved');
    await page.locator('#pause-until').fill('');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused by ann (verified): they moved').waitFor();
    expect((await customer.status()).paused).toMatchObject({ actor: 'ann', reason: 'they moved' });

    await customer.tell({ state: 'past_due', until: new Date(Date.now() + 259_200_000).toISOString() });
    await customer.until(({ wouldDo }) => wouldDo !== undefined);
    await page.getByRole('link', { name: 'Coming' }).click();
    await page.getByText('subscription ends').waitFor();
    faults.push(...(await faultsOf(page, 'coming')));
    await tabTo(page, '.coming summary');
    await page.keyboard.press('Enter');
    await tabTo(page, '.coming [name=reason]');
    await page.keyboard.type('they pay by bank');
    await page.keyboard.press('Enter');
    await page.locator('.coming summary').waitFor({ state: 'detached' });
    expect((await customer.status()).held).toMatchObject({ actor: 'ann', reason: 'they pay by bank' });

    for (const [name, sign] of Object.entries(overviews)) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByText(sign).first().waitFor();
      faults.push(...(await faultsOf(page, name.toLowerCase())));
    }
    await page.getByRole('link', { name: 'Tree' }).click();
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('cell', { name: customer.ref, exact: true }).waitFor();
    faults.push(...(await faultsOf(page, 'look-up')));
    await page.getByRole('link', { name: 'Customers', exact: true }).click();
    await aCustomer({}, { source: 'shop' });
    faults.push(...(await engageAndRelease(page, env.client)));
    expect(faults).toEqual([]);
    expect(reports).toEqual([]);
  });
});

test('without a script a person logs in, starts an operation by its form and sees how it ends', async () => {
  await withPage(async (page) => {
    const context = await page.context().browser()!.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${door.url}/start/provisionCustomer`);
    await plain.fill('#key', secretOf('ann'));
    await plain.getByRole('button', { name: 'Log in' }).click();
    await plain.getByLabel('Name', { exact: true }).fill('Plain & Simple');
    await plain.getByLabel('Customer id').fill('plain');
    await plain.getByRole('button', { name: 'Show the plan' }).click();
    await plain.getByText('Customer tenant Plain & Simple').waitFor();
    expect(new URL(plain.url()).pathname).toBe('/start/provisionCustomer/plan');
    expect(env.simulator.world.customers().map(({ name }) => name)).not.toContain('Plain & Simple');
    await plain.getByRole('button', { name: 'Start' }).click();
    await plain.waitForURL(/provisionCustomer%3Aplain/);
    await env.client.workflow.getHandle('provisionCustomer:plain').result();
    await plain.reload();
    await plain.getByRole('heading', { name: 'Plain & Simple' }).waitFor();
    await plain.locator('.head .state', { hasText: 'completed' }).waitFor();
    await context.close();
  });
  expect(env.simulator.world.customers().map(({ name }) => name)).toContain('Plain & Simple');
});
