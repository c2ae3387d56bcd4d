import { expect, test } from '@jest/globals';
import { askCustomer } from '../../../client/customers.js';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, type CustomerStatus } from '../../../contract/customers.js';
import type { CustomerRequestName } from '../../../contract/customer-requests.js';
import { customerViewOf } from '../../../contract/customer-view.js';
import { actorKeys, sign } from '../../support/actor-keys.js';
import { aReference, customersIn, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { refusalMessage } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { readFacts, actorKeys });
const aCustomer = customersIn(env);
const because = { actor: 'ann', reason: 'they moved' };

/** A customer of a source that is only observed. */
async function observed(): Promise<TestCustomer> {
  const customer = await aCustomer({}, { source: 'shop' });
  await customer.until(({ events }) => events.length > 0);
  return customer;
}
/** What the gateway does for the key `ann`. */
const askAs = async ({ ref }: TestCustomer, name: CustomerRequestName) =>
  await askCustomer(env.client, { ref, name, actor: 'ann', fields: { reason: 'they moved' }, sign }, env.taskQueue);

test('a customer keeps who has asked, and whether that is verified', async () => {
  const customer = await observed();
  await customer.ask('hold', because);

  expect(await askAs(customer, 'pause')).toMatchObject({ request: 'pause', ...because, verified: true });

  const status = await customer.status();
  expect(status.requests?.map(({ request, verified }) => [request, verified])).toEqual([
    ['hold', false],
    ['pause', true],
  ]);
  expect(customerViewOf(status).doing.map(({ text }) => text)).toEqual([
    'paused by ann (verified): they moved',
    'held by ann (not verified): they moved',
  ]);
});

test('a proof counts once, for one request of one customer', async () => {
  const [customer, other] = [await observed(), await observed()];
  const { workflowId, runId } = await customer.handle.describe();
  const request = { ...because, until: '2100-01-01' };
  const proven = { ...request, proof: sign({ workflowId, runId, choice: 'pause', request }) };
  const refused = async (asked: Promise<unknown>) => await refusalMessage(asked);
  const NOT_THIS = /^the proof of the actor is of another decision/;

  expect(await refused(customer.ask('hold', proven))).toMatch(NOT_THIS);
  expect(await refused(customer.ask('pause', { ...proven, until: '2200-01-01' }))).toMatch(NOT_THIS);
  expect(await refused(other.ask('pause', proven))).toMatch(NOT_THIS);
  expect(await customer.status()).not.toHaveProperty('requests');

  expect(await customer.ask('pause', proven)).toMatchObject({ verified: true });
  await customer.ask('resume');
  expect(await refused(customer.ask('pause', proven))).toMatch(/^the proof of the actor has counted already/);
  expect(await customer.status()).not.toHaveProperty('paused');
});

test('what was verified stays so when the customer continues as new, and proofs of the former run count no more', async () => {
  const customer = await observed();
  const { workflowId, runId } = await customer.handle.describe();
  await askAs(customer, 'pause');
  const proof = sign({ workflowId, runId, choice: 'act', request: because });
  while ((await customer.handle.describe()).runId === runId) await customer.ask('hold');

  expect((await customer.status()).paused).toMatchObject({ actor: 'ann', verified: true });
  expect(await refusalMessage(customer.ask('act', { ...because, proof } as never))).toMatch(
    /^the proof of the actor is of/,
  );
  expect(await askAs(customer, 'resume')).toMatchObject({ verified: true });
});

test('a memory that somebody has made up verifies nobody', async () => {
  const ref = aReference();
  const halt = { ...because, verified: true, since: '2026-01-01T00:00:00.000Z' };
  const progress = { acts: false, troubles: [], agreed: {}, setAside: {}, runs: [], paused: halt };
  const ledger = { people: {}, subscriptions: {} };
  const handle = await env.client.workflow.start(CUSTOMER_WORKFLOW, {
    workflowId: customerWorkflowId(ref),
    taskQueue: env.taskQueue,
    args: [{ ref }, { version: 1, ledger, inbox: [], seen: {}, events: [], progress }],
  });

  expect((await handle.query<CustomerStatus>(CUSTOMER_QUERY)).paused).toMatchObject({ actor: 'ann', verified: false });
});
