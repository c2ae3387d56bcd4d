import { describe, expect, test } from '@jest/globals';
import type { IntendedOperation } from '../../../contract/customers.js';
import { LESS } from '../../../workflows/customer/entitlement.js';
import { intentOf } from '../../../workflows/customer/intents.js';
import { agreement, type AppliedTenant } from '../../../workflows/customer/intention.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { afterCompletion } from '../../../workflows/customer/outcome.js';
import { noProgress, situationOf, withoutPast, type Progress } from '../../../workflows/customer/progress.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { DAY, fact, item, START } from './facts.js';

const NOW = START + 2 * DAY;
const wanted = wantedOf([fact(1, { sold: [item('strict', 10)] })].reduce(merge, emptyLedger()), NOW);
const quotas = Object.fromEntries(
  Object.entries(wanted.tenant.quotas).map(([name, { limit }]) => [name, { limit: Number(limit) + 5 }]),
);
const [cut] = Object.keys(quotas) as [string];
const tenant: AppliedTenant = { ...wanted.tenant, tenantId: 't1', quotas };
const before: Progress = { ...noProgress(), acts: true, tenant };

const nextOf = (progress: Progress) =>
  nextOperation(situationOf({ ref: 'C-1' }, progress, wanted)) as IntendedOperation;
const kindOf = (intended: IntendedOperation, progress: Progress) => intentOf(intended, progress)?.kind;

/** The progress after the run of a cut, of which these fields could not be done. */
function afterCut(progress: Progress, fields: string[], now: number): Progress {
  const { operation, input, why } = nextOf(progress);
  const notDone = fields.map((field) => ({ field, why: 'it is less than what is in use' }));
  const status = { state: 'completed', tenantId: 't1', notDone } as unknown as Parameters<
    typeof afterCompletion
  >[1]['status'];
  return afterCompletion(progress, { current: { id: operation, intended: { operation, input, why } }, status, now });
}

describe('a cut below what is used', () => {
  test('counts at the brake once, and not again when it is tried every day', () => {
    expect(nextOf(before)).toMatchObject({ operation: 'changeEntitlement', why: LESS });
    expect(kindOf(nextOf(before), before)).toBe('quotaCut');

    let progress = before;
    for (let day = 0; day < 11; day += 1) {
      progress = afterCut(progress, [`quotas.${cut}`], NOW + day * DAY);
      expect(nextOf(progress)).toEqual({ kind: 'nothing' });
      progress = withoutPast(progress, NOW + (day + 1) * DAY);
      expect(nextOf(progress)).toMatchObject({ operation: 'changeEntitlement', why: LESS });
      expect(kindOf(nextOf(progress), progress)).toBeUndefined();
    }
  });

  test('is forgotten once it is done', () => {
    const retried = withoutPast(afterCut(before, [`quotas.${cut}`], NOW), NOW + DAY);
    expect(afterCut(retried, [], NOW + DAY).setAside).toEqual({});
  });

  test('counts when something else is cut with it, or another quota is wanted', () => {
    const retried = withoutPast(afterCut(before, [`quotas.${cut}`], NOW), NOW + DAY);
    const { operation, why, input } = nextOf(retried);
    const withMore = { operation, why, input: { ...input, remove: ['servers'] } };
    const lower = { operation, why, input: { ...input, quotas: { [cut]: { limit: 1 } } } };
    expect([kindOf(withMore, retried), kindOf(lower, retried)]).toEqual(['quotaCut', 'quotaCut']);
    expect(retried.setAside[`quotas.${cut}`]!.wanted).toBe(agreement(wanted.tenant.quotas[cut]));
  });
});

describe('a creation', () => {
  const creation = { operation: 'provisionCustomer', why: 'it is sold', input: {} };
  const rolledOut: Progress = { ...noProgress(), acts: true, isRolledOut: true };

  test('counts at the brake, but for the first tenant of a customer that a rollout acts for', () => {
    expect(kindOf(creation, noProgress())).toBe('creation');
    expect(kindOf(creation, rolledOut)).toBeUndefined();
    expect(kindOf(creation, { ...rolledOut, gone: { tenant, isRestorable: false } })).toBe('creation');
  });

  test('is all that a rollout lifts', () => {
    const disabling = { operation: 'disableTenant', why: 'nobody pays', input: {} };
    expect(kindOf(disabling, rolledOut)).toBe('disable');
  });
});
