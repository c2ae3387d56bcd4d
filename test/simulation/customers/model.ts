import { wantedOf, type WantedCustomer } from '../../../bench/events/model.js';
import type { HandMadeChange, State, Statement } from '../../../bench/events/statements.js';
import { rules, type RulesName } from './offer.js';

interface Circumstances {
  rules: RulesName;
  byHand?: HandMadeChange | undefined;
}

/** How a customer must be once everything was said and all delays of the rules are over. */
export function wantedAtLast(statements: readonly Statement[], { rules: name, byHand }: Circumstances): WantedCustomer {
  const wanted = wantedOf(statements, byHand);
  const { pastDue, ended, offboard } = rules[name];
  if (wanted.enabled || byHand !== undefined) return wanted;
  // until the rules suspend it, a customer that is past due or has just ended is as one that pays
  const wasEver = (state: State) => statements.some(({ subscription }) => subscription?.state === state);
  const mayHaveHadOne =
    wanted.tenants.includes(1) || (pastDue > 0 && wasEver('past_due')) || (ended > 0 && wasEver('ended'));
  const isDeleted = !wanted.isSold && offboard === 'automatic';
  return { ...wanted, tenants: mayHaveHadOne && !isDeleted ? [0, 1] : [0] };
}
