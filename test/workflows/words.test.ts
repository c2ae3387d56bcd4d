import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../catalogue/index.js';
import { businessKey, workflowId } from '../../contract/ids.js';
import { shortKey } from '../../catalogue/input.js';
import { markText, ownership } from '../../contract/mark.js';
import { provisionCustomerEntry } from '../../catalogue/provision-customer.js';
import { anOrder } from '../support/orders.js';

describe('workflow ids', () => {
  test('an ordinary reference is used as it is', () => {
    expect(workflowId('provisionCustomer', undefined, businessKey('crm-42_A.b@c'))).toBe(
      'provisionCustomer:crm-42_A.b@c',
    );
  });

  test('only a cloud that is not the default one is named', () => {
    expect(workflowId('provisionCustomer', 'eu', 'x')).toBe('provisionCustomer:eu:x');
    expect(workflowId('provisionCustomer', 'default', 'x')).toBe('provisionCustomer:x');
  });

  test('no key holds a slash or a colon, and different texts give different keys', () => {
    const texts = ['a/b', 'a:b', 'a~2fb', 'a b', 'a%2Fb', 'a\tb', 'ab'];
    const keys = texts.map(businessKey);

    expect(keys.join('')).not.toMatch(/[/:\s]/);
    expect(new Set(keys).size).toBe(texts.length);
  });

  test('a mark of the longest key fits into the field of the vendor', () => {
    const mark = {
      environment: 'e'.repeat(20),
      key: shortKey('k/'.repeat(200)),
      runId: '01a20a5b-58f6-733b-8eaf-b5c7c9cf12ff',
    };

    expect(markText(mark).length).toBeLessThanOrEqual(256);
  });
});

test('an order that names the default cloud is the order that names none', () => {
  const { read } = provisionCustomerEntry;
  const order = anOrder({ externalRef: 'crm-1' });

  expect(read({ ...order, cloud: 'default' })).toEqual(read(order));
});

test.each(Object.values(catalogue))(
  'the key of $name names no customer, no person and no machine',
  ({ name, read }) => {
    const example = JSON.parse(
      readFileSync(new URL(`../../../examples/${name}.json`, import.meta.url), 'utf8'),
    ) as object;
    const reading = read({ ...example, ...secretive(example) });

    expect(reading).toMatchObject({ ok: true });
    expect((reading as { key: string }).key).not.toMatch(/otto/i);
  },
);

/** The things of an order, called by names of which a key must know nothing. */
function secretive(order: object): object {
  const names = {
    tenant: { name: 'Otto GmbH' },
    root: { name: 'Otto GmbH' },
    customer: { name: 'Otto GmbH' },
    partner: { name: 'Otto GmbH' },
    user: { ...(order as { user?: object }).user, login: 'otto' },
    resources: [{ name: 'PC-OTTO' }],
  };
  return Object.fromEntries(Object.entries(names).filter(([field]) => field in order));
}

describe('marks', () => {
  const mark = { environment: 'test', key: 'acme', runId: 'run-1' };

  test.each([
    ['ours', markText(mark)],
    ['our-customers', markText({ ...mark, runId: 'run-2' })],
    ['foreign', markText({ ...mark, key: 'acme2' })],
    ['foreign', markText({ ...mark, environment: 'production' })],
    ['foreign', 'tenantry:test:acme'],
    ['foreign', null],
  ] as const)('%s: %s', (whose, tag) => {
    expect(ownership(mark, tag)).toBe(whose);
  });
});

describe('the input of provisionCustomer', () => {
  test('gets its defaults', () => {
    const reading = provisionCustomerEntry.read({
      customer: { name: ' A, Inc ' },
      administrator: { login: 'a', email: 'a@b.co' },
    });

    expect(reading).toMatchObject({
      ok: true,
      order: {
        customer: { name: 'A, Inc', language: 'en', managedByProvider: true, enhancedSecurity: false },
        offeringItems: ['workstations', 'storage'],
        twoFactor: true,
        billingMode: 'trial',
        activation: { by: 'email' },
        onFailure: 'ask',
      },
    });
  });

  test.each([
    ['production without confirm', { billingMode: 'production' }, 'confirm'],
    ['production with another name', { billingMode: 'production', confirm: 'Other' }, 'confirm'],
    ['enhanced security without confirm', { customer: { enhancedSecurity: true } }, 'confirm'],
    ['a secret that is no reference', { activation: { by: 'password', secretRef: 'hunter2' } }, 'activation.secretRef'],
    ['a duration without words', { decisionDeadline: 'soon' }, 'decisionDeadline'],
    ['a parent that is no id', { customer: { parentTenantId: 'acme' } }, 'customer.parentTenantId'],
    ['an unknown way to fail', { onFailure: 'panic' }, 'onFailure'],
  ] as const)('is refused for %s', (_what, fields, path) => {
    const reading = provisionCustomerEntry.read(anOrder(fields));

    expect(reading).toMatchObject({ ok: false, problems: [{ path }] });
  });

  test('names the same customer by reference, else by customer id, else by name and parent', () => {
    const key = (order: object) => (provisionCustomerEntry.read(order) as { key: string }).key;
    const person = { administrator: { login: 'a', email: 'a@b.co' } };

    expect(key({ ...person, customer: { name: 'A', customerId: 'c' }, externalRef: 'r' })).toBe('r');
    expect(key({ ...person, customer: { name: 'A', customerId: 'c' } })).toBe('c');
    expect(key({ ...person, customer: { name: 'A' } })).toMatch(/^[0-9a-f]{32}$/);
    expect(key({ ...person, customer: { name: 'A' } })).not.toBe(key({ ...person, customer: { name: 'B' } }));
  });
});
