import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startCodecServer, type CodecServer } from '../../vault/codec-server.js';
import { createCodec, parseKeys } from '../../vault/index.js';
import { withPage } from '../support/browser.js';
import { waitForState } from '../support/runs.js';
import { startTestEnvironment, type TestEnvironment } from '../support/test-environment.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';

const keys = parseKeys(`k1:${Buffer.alloc(32, 5).toString('base64')}`);
const TWO_FACTOR = 'PUT /tenants/{id}/mfa/status';
let codec: CodecServer;
let env: TestEnvironment;

beforeAll(async () => {
  const origins: string[] = [];
  codec = await startCodecServer(createCodec(keys), { port: 0, origins });
  env = await startTestEnvironment({}, { ui: true, keys, codec: codec.url });
  origins.push(env.engine.uiUrl);
});
afterAll(async () => {
  await env.close();
  await codec.close();
});

const pageOf = (id: string) => `${env.engine.uiUrl}/namespaces/default/workflows/${encodeURIComponent(id)}`;

/** A run that waits for a person at a step which may be skipped. */
async function blocked(id: string, name: string) {
  env.simulator.faults.next(TWO_FACTOR, { refuse: 403, message: 'not for you' });
  const handle = await env.start(anOrder({ onFailure: 'ask', customer: { name } }), id);
  await waitForState(handle, 'blocked');
  return handle;
}

/** Sends an Update by the form of Temporal's UI, as a person does. */
async function send(page: Page, update: string, data: object): Promise<void> {
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: 'Send an Update' }).click();
  const form = page.getByTestId('update-confirmation-modal');
  await form.getByRole('button', { name: 'Select an Update' }).click();
  await page.getByRole('option', { name: update }).click();
  const editor = form.locator('.cm-content').last();
  await editor.click();
  await page.keyboard.insertText(JSON.stringify(data));
  // on leaving the editor the form moves, and a click that is under way goes beside its button
  await editor.blur();
  await form.getByRole('button', { name: 'Submit' }).click();
}

test('a history can be read in Temporal’s UI through the codec server, and not without it', async () => {
  const name = 'Geheimrat GmbH';
  await statusAtEnd(await env.start(anOrder({ customer: { name } }), 'sealed'));
  await withPage(async (page) => {
    await page.goto(pageOf('sealed'));
    await page.getByText(`"${name}"`).first().waitFor();
    await page.getByText(`Customer tenant ${name}`).first().waitFor();

    await page.route(`${codec.url}/**`, (route) => route.abort());
    await page.reload();
    await page.getByText('YmluYXJ5L2VuY3J5cHRlZA==').first().waitFor();
    expect(await page.getByText(name).count()).toBe(0);
  });
});

test('a person decides for a blocked run in Temporal’s UI, and sees the refusal of a decision that makes no sense', async () => {
  const handle = await blocked('decided in the UI', 'Blocked GmbH');
  await withPage(async (page) => {
    await page.goto(pageOf('decided in the UI'));
    await page.getByText('User Metadata').click();
    const details = page.frameLocator('iframe').first();
    await details.getByText(/^provisionCustomer .+ blocked/).waitFor();
    await details.getByText('not for you').first().waitFor();

    await send(page, 'skip', { actor: 'ann', reason: '' });
    await page.getByText('reason is missing: say why', { exact: true }).waitFor();
    await page.reload();
    await send(page, 'skip', { actor: 'ann', reason: 'not wanted' });

    const status = await waitForState(handle, 'completed');
    expect(status).toMatchObject({
      state: 'completed',
      decisions: [{ choice: 'skip', actor: 'ann', reason: 'not wanted' }],
    });
    expect(status.decisions?.[0]?.verified).toBe(false);
    await page.reload();
    await details.getByText('– requireTwoFactor').waitFor();
  });
});
