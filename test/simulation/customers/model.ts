import { wantedOf, type WantedCustomer } from '../../../bench/events/model.js';
import type { HandMadeChange, Statement } from '../../../bench/events/statements.js';
import { rules, type RulesName } from './offer.js';

interface Circumstances {
  rules: RulesName;
  byHand?: HandMadeChange | undefined;
}

/** How a customer must be once everything was said and all delays of the rules are over. */
export function wantedAtLast(statements: readonly Statement[], { rules: name, byHand }: Circumstances): WantedCustomer {
  const wanted = wantedOf(statements, byHand);
  const { pastDue, offboard } = rules[name];
  if (wanted.enabled || byHand !== undefined) return wanted;
  // until the rules suspend it, who is past due is as one who pays
  const mayHaveHadOne = wanted.tenants.includes(1) || (pastDue > 0 && statements.some(isPastDue));
  const isDeleted = !wanted.isSold && offboard === 'automatic';
  return { ...wanted, tenants: mayHaveHadOne && !isDeleted ? [0, 1] : [0] };
}

function isPastDue({ subscription }: Statement): boolean {
  return subscription?.state === 'past_due';
}
