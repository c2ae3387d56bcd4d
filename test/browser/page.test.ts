import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { withPage } from '../support/browser.js';
import { customersIn } from '../support/customers.js';
import { readFacts } from '../support/fact-reader.js';
import { anOrder } from '../support/orders.js';
import { waitForState } from '../support/runs.js';
import { actorKeys, sign } from '../support/actor-keys.js';
import { useTestEnvironment } from '../support/use-test-environment.js';
import { openDoor } from '../gateway/doors.js';
import { keyOf, secretOf } from '../gateway/page/visitor.js';

const root = new URL('../../../', import.meta.url);
const axe = readFileSync(fileURLToPath(new URL('node_modules/axe-core/axe.min.js', root)), 'utf8');
/** Set to make the images of the documents again. */
const PICTURES = process.env['TENANTRY_TEST_PICTURES'];

const env = useTestEnvironment({}, { readFacts, actorKeys });
const aCustomer = customersIn(env);
let door: Awaited<ReturnType<typeof openDoor>>;
beforeAll(async () => {
  const keys = [keyOf('ann', 'decide')];
  const publicUrl = () => 'http://127.0.0.1:1';
  door = await openDoor({ keys: () => keys, client: env.client, taskQueue: env.taskQueue, publicUrl, sign });
});
afterAll(async () => await door.close());

interface Findings {
  violations: { id: string; nodes: { target: string[] }[] }[];
}

const looks = [
  ['', { width: 1100, height: 700, colorScheme: 'light' }],
  ['-dark', { width: 1100, height: 700, colorScheme: 'dark' }],
  ['-phone', { width: 360, height: 700, colorScheme: 'light' }],
] as const;

/** What axe finds on this screen, and what is too wide, in light, dark and on a phone. */
async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [suffix, { colorScheme, ...size }] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const { violations } = await page.evaluate<Findings>(`${axe};axe.run()`);
    for (const { id, nodes } of violations)
      faults.push(`${name}${suffix}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    if (await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
      faults.push(`${name}${suffix}: too wide`);
    if (PICTURES !== undefined && !(suffix === '-dark' && name !== 'board')) {
      const path = fileURLToPath(new URL(`docs/images/page-${name}${suffix}.png`, root));
      await page.screenshot({ path, fullPage: suffix !== '-phone' });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1100, height: 700 });
  return faults;
}

/** Presses Tab until what this selector finds has the focus; a person without a mouse gives up later. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Everything that the policy of the page has blocked. */
async function reportsOf(page: Page): Promise<string[]> {
  const reports: string[] = [];
  await page.exposeFunction('report', (what: string) => void reports.push(what));
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => report(event.violatedDirective))`);
  page.on('pageerror', ({ message }) => void reports.push(message));
  return reports;
}

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

test('by the keyboard alone a person finds a blocked run and ends it', async () => {
  const run = await env.start(anOrder({ ...taken, customer: { name: 'Cafe Central' } }), 'provisionCustomer:central');
  await waitForState(run, 'blocked');
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
    await page.goto(`${door.url}/start`);
    faults.push(...(await faultsOf(page, 'start')));
    await page.goto(`${door.url}/start/produceReport?as=json`);
    faults.push(...(await faultsOf(page, 'start-json')));
    expect(faults).toEqual([]);
  });
});

test('a sale appears as a customer, and a person pauses it with a reason', async () => {
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
