import { expect, test } from '@jest/globals';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { customersIn } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { fact, item, START, terms } from './facts.js';

const abroad = { offeringItems: ['servers'], cloud: 'eu', sold: { store: ['price_abroad'] } };
const env = useTestEnvironment({}, { readFacts: factReader({ abroad }) });
const aCustomer = customersIn(env);

test('a customer whose plan is for another cloud than its source is created nowhere before a person says so', async () => {
  const customer = await aCustomer({ items: [{ product: 'price_abroad', quantity: 3 }] });

  const { blocked, notDone } = await customer.until(({ state }) => state === 'blocked');

  expect(blocked?.message).toMatch(
    /^cloud: its plan is for the cloud eu.*give the source "cloud": "eu" in sources.json/,
  );
  expect(notDone).toMatchObject([{ field: 'cloud' }]);

  await customer.ask('converge', { fields: ['cloud'] });

  expect(await customer.until(({ state }) => state === 'steady')).toMatchObject({ cloud: 'default' });
});

test.each([
  ['of the same cloud is created', 'eu', 'eu', 'operation'],
  ['of the default cloud, named by the plan, is created', undefined, 'default', 'operation'],
  ['of any cloud is created when its plan names none', 'us', undefined, 'operation'],
  ['of another cloud is not created', 'us', 'eu', 'asks'],
  ['of another cloud than the default one is not created', undefined, 'eu', 'asks'],
])('a customer %s', (_, cloud, planCloud, kind) => {
  const desktop = terms['desktop']!;
  const plan = { ...desktop, placement: { ...desktop.placement, ...(planCloud && { cloud: planCloud }) } };
  const ledger = merge(emptyLedger(), fact(1, { sold: [{ ...item('desktop', 1), plan }] }));
  const situation = { ref: 'C-1', wanted: wantedOf(ledger, START * 2), ...(cloud && { cloud }) };
  expect(nextOperation(situation).kind).toBe(kind);
});
