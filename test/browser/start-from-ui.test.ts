import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { withPage } from '../support/browser.js';
import { waitUntil } from '../support/runs.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const root = new URL('../../../', import.meta.url);
const example = readFileSync(fileURLToPath(new URL('examples/provisionCustomer.json', root)), 'utf8');
const readme = readFileSync(fileURLToPath(new URL('README.md', root)), 'utf8');
const env = useTestEnvironment({}, { ui: true });

/** The link of the README, for the env of this test. */
function prefilledForm(): string {
  const [, path] = /http:\/\/127\.0\.0\.1:8233(\/\S+\/start-workflow\?[^)>\s]+)/.exec(readme)!;
  return env.engine.uiUrl + path!.replace('taskQueue=tenantry', `taskQueue=${env.taskQueue}`);
}

async function isThere(run: WorkflowHandle): Promise<boolean> {
  return await run.describe().then(
    () => true,
    () => false,
  );
}

test('a person starts an operation by the form of Temporal’s UI, sees it go on, and finds it again', async () => {
  const busy = { refuse: 503 } as const;
  env.simulator.faults.next('PUT /tenants/{id}/offering_items', busy, { times: Infinity });
  await withPage(async (page) => {
    // Temporal's UI shows Markdown in a frame of its own
    const details = page.frameLocator('iframe').first();
    const runs = `${env.engine.uiUrl}/namespaces/default/workflows`;

    await page.goto(prefilledForm());
    const editor = page.locator('.cm-content').first();
    await editor.click();
    await page.keyboard.insertText(example);
    // on leaving the editor the form moves, and a click that is under way goes beside its button
    await editor.blur();
    await page.getByRole('button', { name: 'Start Workflow' }).last().click();
    const run = env.client.workflow.getHandle('provisionCustomer:customer-inc');
    await waitUntil(async () => await isThere(run));

    await page.goto(`${runs}?query=${encodeURIComponent('TenantryState="running"')}`);
    await page.getByRole('link', { name: 'provisionCustomer:customer-inc' }).first().click();
    await page.getByText('User Metadata').click();
    await details.getByText(/^provisionCustomer \S+ running/).waitFor();
    await details.getByText('▶ applyOfferingItems').waitFor();

    env.simulator.faults.clear();
    await run.result();
    const tenant = env.simulator.world.customers()[0]!;
    await page.goto(`${runs}?query=${encodeURIComponent(`AcronisTenantId="${tenant.id}"`)}`);
    await page.getByRole('link', { name: 'provisionCustomer:customer-inc' }).first().click();
    await page.getByText('User Metadata').click();
    await details.getByText(/^provisionCustomer \S+ completed/).waitFor();
    await details.getByText('✔ sendActivationEmail').waitFor();
    expect(tenant.name).toBe('Customer, Inc');
  });
});
