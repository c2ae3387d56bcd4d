import {
  array,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  record,
  subarray,
  uniqueArray,
  type Arbitrary,
} from 'fast-check';
import { products, type Product } from '../../../bench/events/offer.js';
import { traits } from '../../../simulator/index.js';
import { everyFault } from '../faults.js';
import { rules, type RulesName } from './offer.js';
import type { CustomersPlan, Happening } from './plan.js';

const LAST_CALL = 90;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const pauses = [0, 0, 5, 300, 3000, MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 5 * DAY_MS, 40 * DAY_MS];
/** If lists lose rows, the product can promise nothing. Mixed answers have tests of their own. */
const worthy = traits.filter((one) => one !== 'lostRows' && one !== 'mixedAnswers');
const never = { nil: undefined };
const states = ['active', 'active', 'active', 'trialing', 'past_due', 'paused', 'ended', 'ended'] as const;

/** Any plan for one or two customers. */
export function anyCustomersPlan(): Arbitrary<CustomersPlan> {
  const call = integer({ min: 1, max: LAST_CALL });
  const when = constantFrom(...(['before', 'during', 'after'] as const));
  return record({
    seed: nat(1_000_000),
    rules: constantFrom(...(Object.keys(rules) as RulesName[])),
    brakes: option(constant(true as const), { ...never, freq: 1 }),
    sources: array(constantFrom(...(['shop', 'own'] as const)), { minLength: 3, maxLength: 3 }),
    happenings: array(anyHappening(), { minLength: 1, maxLength: 16 }),
    faults: array(record({ call, fault: constantFrom(...everyFault) }), { maxLength: 5 }),
    kills: array(record({ call, when }), { maxLength: 2 }),
    suggestsNewAfter: option(constantFrom(20, 60, 150), never),
    untidy: option(record({ seed: nat(1_000_000), traits: subarray(worthy) }), { ...never, freq: 1 }),
  }).map(({ brakes, suggestsNewAfter, untidy, ...plan }) => ({
    ...plan,
    ...(brakes && { brakes }),
    ...(suggestsNewAfter !== undefined && { suggestsNewAfter }),
    ...(untidy && { untidy }),
  }));
}

function anyHappening(): Arbitrary<Happening> {
  const after = constantFrom(...pauses);
  // most plans are about the first customer only
  const customer = constantFrom(0, 0, 0, 1);
  const items = uniqueArray(anyItem(), { minLength: 1, maxLength: 2, selector: ({ product }) => product });
  const sale = record({
    after,
    customer,
    subscription: constantFrom(0, 0, 1, 2),
    state: constantFrom(...states),
    items,
    late: constantFrom(0, 0, 0, 90, 2 * 3600, 3 * 86_400),
    renames: constantFrom(false, false, false, false, true),
  });
  return oneof(
    { weight: 10, arbitrary: sale },
    { weight: 2, arbitrary: record({ after, repeats: nat(20) }) },
    {
      weight: 2,
      arbitrary: record({
        after,
        customer,
        byHand: constantFrom(...(['disabled', 'renamed', 'itemRemoved', 'deleted'] as const)),
      }),
    },
    {
      weight: 3,
      arbitrary: record({
        after,
        customer,
        asks: constantFrom(...(['pause', 'hold', 'resume', 'converge', 'offboard'] as const)),
      }),
    },
    { weight: 1, arbitrary: record({ after, kill: constantFrom(1500, 1500, HOUR_MS, 2 * DAY_MS) }) },
    { weight: 1, arbitrary: record({ after, away: integer({ min: 1, max: 20_000 }) }) },
    { weight: 1, arbitrary: record({ after, outage: integer({ min: 1, max: 3 * HOUR_MS }) }) },
    { weight: 1, arbitrary: record({ after, clockAhead: constantFrom(-DAY_MS, -HOUR_MS, HOUR_MS, DAY_MS) }) },
  );
}

function anyItem() {
  const product = constantFrom(...(Object.keys(products) as Product[]));
  return record({ product, quantity: integer({ min: 1, max: 40 }) }, { requiredKeys: ['product'] });
}
