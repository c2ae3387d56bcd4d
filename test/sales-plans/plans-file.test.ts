import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readPlans } from '../../sales-plans/plans-file.js';

const example = JSON.parse(readFileSync(new URL('../../../examples/plans.json', import.meta.url), 'utf8')) as {
  plans: Record<string, Record<string, unknown>>;
  rules: Record<string, unknown>;
};

const plan = (fields: object) => ({ plans: { gold: { offeringItems: ['storage'], ...fields } } });

const TEMPLATES = 'must be workstations or servers';

describe('plans.json', () => {
  test('the example can be used, and what it leaves out has the documented defaults', () => {
    const read = readPlans(example);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    expect(read.plans['backup-standard']!.protect).toEqual({ template: 'workstations', agents: 'quantity' });
    expect(read.plans['backup-servers']).not.toHaveProperty('protect');
    const { 'backup-servers': servers, 'backup-standard': standard } = read.plans;
    expect(standard!.quotas).toEqual({
      workstations: { perUnit: { value: 1, unit: 'pieces' } },
      storage: { perUnit: { value: 100 * 2 ** 30, unit: 'bytes' }, overage: { value: 50 * 2 ** 30, unit: 'bytes' } },
    });
    expect(servers).toMatchObject({
      billingMode: 'production',
      rank: 0,
      retired: false,
      placement: { language: 'en', twoFactor: true, administrator: 'contact', loginPattern: '{email}', infra: {} },
      rules: { belowUse: 'keep', steepFall: 'ask', trialEnded: 'ask', unknownProduct: 'ask' },
    });
    expect(read.unknownProduct).toBe('ask');
  });

  test('a rule of a plan replaces the whole key of the file', () => {
    const read = readPlans({
      rules: { pastDue: [{ after: '0 days', do: 'notify' }], paused: 'ask' },
      plans: { gold: { offeringItems: ['storage'], rules: { pastDue: [{ after: '3 days', do: 'suspend' }] } } },
    });
    expect('plans' in read && read.plans.gold!.rules).toMatchObject({
      pastDue: [{ after: '3 days', do: 'suspend' }],
      paused: 'ask',
      trialEnded: 'ask',
    });
  });

  test('a plan has another digest as soon as it means something else, and only then', () => {
    const digestOf = (fields: object) => {
      const read = readPlans(plan(fields));
      return 'plans' in read ? read.plans.gold!.digest : undefined;
    };
    expect(digestOf({})).toBe(digestOf({ sold: { shop: ['p'] } }));
    expect(digestOf({})).toBe(digestOf({ retired: true }));
    const others = [
      { edition: 'e' },
      { rank: 1 },
      { billingMode: 'production' },
      { maxQuantity: 5 },
      { language: 'de' },
      { protect: { template: 'workstations' } },
      { protect: { template: 'workstations', agents: 5 } },
    ];
    expect(new Set([{}, ...others, { rules: { paused: 'ask' } }].map(digestOf)).size).toBe(9);
  });

  test.each([
    ['no plan', {}, 'plans', 'is missing'],
    ['a list', [], 'plans', 'must be an object, not a list'],
    [
      'a plan of nothing',
      { plans: { gold: {} } },
      'plans.gold.offeringItems',
      /needs offeringItems, an edition, or both/,
    ],
    ['a name with a blank', { plans: { 'Gold plan': { edition: 'e' } } }, 'plans.Gold plan', /a-z, 0-9/],
    [
      'a product twice in one plan',
      plan({ sold: { shop: ['p', { product: 'p', quantity: 'x' }] } }),
      'plans.gold.sold.shop',
      'names the product p twice',
    ],
    [
      'a duration without a unit',
      plan({ rules: { pastDue: [{ after: '14', do: 'ask' }] } }),
      'plans.gold.rules.pastDue.0.after',
      /duration/,
    ],
    [
      'a field that is missing',
      { ...plan({}), rules: { ended: { suspendAfter: '7 days', grace: '1 day' } } },
      'rules.ended.offboard',
      'is missing',
    ],
    ['an unknown field', plan({ price: 5 }), 'plans.gold.price', 'is not a field here'],
    ['a misspelt field', plan({ edtion: 'e' }), 'plans.gold.edtion', 'is not a field here; did you mean edition?'],
    [
      'a misspelt field of a rule',
      plan({ rules: { ended: { suspendAfter: '7 days', ofboard: 'ask', grace: '1 day' } } }),
      'plans.gold.rules.ended.ofboard',
      'is not a field here; did you mean offboard?',
    ],
    [
      'a quota of a misspelt item',
      plan({ quotas: { storrage: { limit: '1 GiB' } } }),
      'plans.gold.quotas.storrage',
      'is a quota of an item that this plan does not have; did you mean storage?',
    ],
    ['a quota without a limit', plan({ quotas: { storage: {} } }), 'plans.gold.quotas.storage', /limit or perUnit/],
    [
      'a quota with both limits',
      plan({ quotas: { storage: { limit: '1 GiB', perUnit: '1 GiB' } } }),
      'plans.gold.quotas.storage',
      /limit or perUnit/,
    ],
    [
      'an amount that is none',
      plan({ quotas: { storage: { limit: '5 bananas' } } }),
      'plans.gold.quotas.storage.limit',
      /whole number, or an amount with its unit/,
    ],
    [
      'a quota in another unit than elsewhere',
      {
        plans: {
          a: { offeringItems: ['x'], quotas: { x: { limit: 5 } } },
          b: { offeringItems: ['x'], quotas: { x: { limit: '5 GiB' } } },
        },
      },
      'plans.b.quotas.x',
      'is in bytes, but in pieces in the plan a',
    ],
    [
      'an overage in another unit',
      plan({ quotas: { storage: { limit: '1 GiB', overage: 5 } } }),
      'plans.gold.quotas.storage.overage',
      /must be in bytes/,
    ],
    [
      'a quota of an item that is not there',
      plan({ quotas: { vms: { limit: 5 } } }),
      'plans.gold.quotas.vms',
      /does not have/,
    ],
    [
      'a login that is the same for all',
      plan({ loginPattern: 'admin' }),
      'plans.gold.loginPattern',
      /logins are unique/,
    ],
    [
      'a login with an unknown part',
      plan({ loginPattern: '{ref}-{name}' }),
      'plans.gold.loginPattern',
      /\{email\} and \{ref\} only/,
    ],
    [
      'a time that is none',
      plan({ rules: { pastDue: [{ after: 'soon', do: 'ask' }] } }),
      'plans.gold.rules.pastDue.0.after',
      /duration/,
    ],
    [
      'an action that does not exist',
      plan({ rules: { paused: 'delete' } }),
      'plans.gold.rules.paused',
      /notify, ask or suspend/,
    ],
    [
      'hours that are none',
      { ...plan({}), rules: { actBetween: 'at night' } },
      'rules.actBetween',
      /Mon-Thu 09:00-16:00/,
    ],
    ['a misspelt template', plan({ protect: { template: 'workstation' } }), 'plans.gold.protect.template', TEMPLATES],
    ['no template', plan({ protect: { agents: 5 } }), 'plans.gold.protect.template', 'is missing'],
    [
      'no machine',
      plan({ protect: { template: 'servers', agents: 0 } }),
      'plans.gold.protect.agents',
      'must be at least 1',
    ],
    [
      'a misspelt quantity',
      plan({ protect: { template: 'servers', agents: 'quantitty' } }),
      'plans.gold.protect.agents',
      'must be a whole number from 1 to 1000, or "quantity"',
    ],
    [
      'a misspelt field of the protection',
      plan({ protect: { template: 'servers', agent: 1 } }),
      'plans.gold.protect.agent',
      'is not a field here; did you mean agents?',
    ],
    ['a parent that is no id', plan({ parentTenantId: '12' }), 'plans.gold.parentTenantId', /tenant id/],
  ])('%s is a problem with its path', (_, value, path, message) => {
    const read = readPlans(value);
    expect('problems' in read && read.problems).toContainEqual({
      path,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});
