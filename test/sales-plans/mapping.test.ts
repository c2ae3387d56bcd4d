import { describe, expect, test } from '@jest/globals';
import { mapItems } from '../../sales-plans/mapping.js';
import { readPlans, type SalesPlans } from '../../sales-plans/plans-file.js';

const PARENT = '11111111-2222-3333-4444-555555555555';
const OTHER = '99999999-2222-3333-4444-555555555555';

function plansOf(file: object): SalesPlans {
  const read = readPlans(file);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read;
}

const file = {
  defaults: { parentTenantId: PARENT, cloud: 'eu' },
  plans: {
    seats: { offeringItems: ['workstations'], sold: { panel: [{ product: '14', quantity: 'configoptions.Seats' }] } },
    storage: {
      offeringItems: ['storage'],
      sold: { panel: [{ product: '14', quantity: 'configoptions.GB' }], shop: ['price_1', 'prod_1'] },
      parentTenantId: OTHER,
    },
    old: { offeringItems: ['servers'], sold: { shop: ['price_old'] }, retired: true },
  },
};
const panel = { name: 'panel' };
const shop = { name: 'shop', cloud: 'us' };
const brief = (items: ReturnType<typeof mapItems>) =>
  items.map(({ plan, ...rest }) => ({ ...rest, ...(plan && { plan: plan.name }) }));

describe('what is sold', () => {
  test('one product can mean several plans, each with its own quantity', () => {
    const quantities = { 'configoptions.Seats': 25, 'configoptions.GB': 500 };
    expect(brief(mapItems(plansOf(file), panel, [{ product: '14', quantity: 1, quantities }]))).toEqual([
      { product: '14', plan: 'seats', quantity: 25 },
      { product: '14', plan: 'storage', quantity: 500 },
    ]);
  });

  test('a product of another source with the same id is another product', () => {
    expect(brief(mapItems(plansOf(file), shop, [{ product: '14', quantity: 1 }]))).toEqual([
      { product: '14', quantity: 1 },
    ]);
  });

  test('a quantity that the event does not have is not guessed: its path is named', () => {
    expect(brief(mapItems(plansOf(file), panel, [{ product: '14', quantity: 1 }]))).toEqual([
      { product: '14', plan: 'seats', missing: 'configoptions.Seats' },
      { product: '14', plan: 'storage', missing: 'configoptions.GB' },
    ]);
  });

  test('any of the ids of a product names its plan, and it counts once', () => {
    const item = { product: 'price_1', aliases: ['prod_1'], quantity: 3 };
    expect(brief(mapItems(plansOf(file), shop, [item]))).toEqual([
      { product: 'price_1', plan: 'storage', quantity: 3 },
    ]);
  });

  test('the same product twice is added up', () => {
    const item = { product: 'price_1', quantity: 3 };
    expect(brief(mapItems(plansOf(file), shop, [item, item]))).toEqual([
      { product: 'price_1', plan: 'storage', quantity: 6 },
    ]);
  });

  test('an event may name the plan itself; a plan that does not exist is unknown, whatever its name', () => {
    const items = [{ plan: 'seats', quantity: 2 }, { plan: 'toString' }, { plan: 'none' }];
    expect(brief(mapItems(plansOf(file), shop, items))).toEqual([
      { plan: 'seats', quantity: 2 },
      { planName: 'toString' },
      { planName: 'none' },
    ]);
  });

  test('what no plan names is set aside only where the rules say so', () => {
    const tolerant = plansOf({ ...file, rules: { unknownProduct: 'ignore' } });
    expect(mapItems(tolerant, shop, [{ product: 'x' }])).toEqual([{ product: 'x', ignored: true }]);
    expect(mapItems(plansOf(file), shop, [{ product: 'x' }])).toEqual([{ product: 'x' }]);
  });

  test('a retired plan is marked', () => {
    expect(mapItems(plansOf(file), shop, [{ product: 'price_old' }])[0]).toMatchObject({ retired: true });
  });

  test('the placement is that of the plan, else of the source, else of the file', () => {
    const placements = mapItems(plansOf(file), { ...shop, parentTenantId: PARENT }, [
      { plan: 'seats' },
      { plan: 'storage' },
    ]);
    expect(placements.map(({ plan }) => [plan!.placement.cloud, plan!.placement.parentTenantId])).toEqual([
      ['us', PARENT],
      ['us', OTHER],
    ]);
    expect(mapItems(plansOf(file), panel, [{ plan: 'seats' }])[0]!.plan!.placement).toMatchObject({
      cloud: 'eu',
      parentTenantId: PARENT,
    });
  });
});
