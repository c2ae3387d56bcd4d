import { describe, expect, test } from '@jest/globals';
import { changed, read, readBody } from './deliveries.js';

describe('Chargebee', () => {
  const versionOf = (file: string) => read(file).flatMap((one) => (one.says === 'facts' ? one.facts : []))[0]!.version;
  const withSubscription = (fields: object) =>
    changed('chargebee/subscription_changed.json', ['content', 'subscription'], { ...fields });

  test('newer states have a higher version', () => {
    expect(versionOf('chargebee/subscription_created.json')).toBeLessThan(
      versionOf('chargebee/subscription_changed.json')!,
    );
  });

  test('a future subscription counts from its start', () => {
    expect(readBody('chargebee', withSubscription({ status: 'future', start_date: 1798761600 }))).toMatchObject([
      { facts: [{ subscription: { state: 'active', since: '2027-01-01T00:00:00.000Z' } }] },
    ]);
  });

  test('a future subscription without a start does not count at once', () => {
    expect(readBody('chargebee', withSubscription({ status: 'future' }))).toMatchObject([
      { says: 'incomplete', problems: [{ path: 'content.subscription.start_date' }] },
    ]);
  });

  test('a subscription that was deleted or moved to another site is a matter for a person, no end', () => {
    expect(readBody('chargebee', withSubscription({ deleted: true }))).toMatchObject([{ says: 'notice' }]);
    expect(readBody('chargebee', withSubscription({ status: 'transferred' }))).toMatchObject([{ says: 'notice' }]);
  });

  test('the older product catalogue has a plan with add-ons; decimal quantities are text', () => {
    const old = {
      subscription_items: undefined,
      plan_id: 'ws',
      plan_quantity: 3,
      addons: [{ id: 'tb', quantity_in_decimal: '2.5' }],
    };
    expect(readBody('chargebee', withSubscription(old))).toMatchObject([
      {
        facts: [
          {
            subscription: {
              items: [
                { product: 'ws', quantity: 3 },
                { product: 'tb', quantity: 2.5 },
              ],
            },
          },
        ],
      },
    ]);
  });

  test('one-time charges are no items', () => {
    const items = [
      { item_price_id: 'setup', item_type: 'charge', quantity: 1 },
      { item_price_id: 'ws', item_type: 'plan', quantity: 1 },
    ];
    expect(readBody('chargebee', withSubscription({ subscription_items: items }))).toMatchObject([
      { facts: [{ subscription: { items: [{ product: 'ws' }] } }] },
    ]);
  });
});

describe('WHMCS', () => {
  const withService = (fields: object) => changed('whmcs/AfterModuleCreate.json', ['data', 'service'], { ...fields });

  test('configurable options are quantities by their path', () => {
    expect(read('whmcs/AfterModuleCreate.json')).toMatchObject([
      {
        facts: [
          {
            subscription: {
              items: [
                {
                  product: '12',
                  quantity: 25,
                  quantities: { 'configoptions.Workstations': 25, 'configoptions.Storage TB': 2 },
                },
              ],
            },
          },
        ],
      },
    ]);
  });

  test('a pending service has not been sold, and fraud asks a person', () => {
    expect(readBody('whmcs', withService({ status: 'Pending' }))).toMatchObject([{ says: 'nothing' }]);
    expect(readBody('whmcs', withService({ status: 'Fraud' }))).toMatchObject([{ says: 'notice' }]);
    expect(readBody('whmcs', withService({ status: 'Limbo' }))).toMatchObject([{ says: 'incomplete' }]);
  });
});
