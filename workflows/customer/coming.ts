import type { Coming } from '../../contract/customers.js';
import type { Ledger, SubscriptionRecord } from './ledger.js';
import { holding, lastOf, standingOf, type Standing } from './standing.js';

/** What time alone will bring, soonest first: nothing of it needs another fact. */
export function comingOf(ledger: Ledger, now: number): Coming[] {
  const all = Object.values(ledger.subscriptions).map((record) => ({ record, standing: standingOf(record, now) }));
  const isAhead = ({ at }: Coming) => Date.parse(at) > now;
  const standings = all.map(({ standing }) => standing);
  const rules = [...all.flatMap(ofSubscription), ...suspension(standings)];
  const asked = question(standings).filter(({ at }) => !rules.some((one) => one.at === at));
  return [...rules, ...asked].filter(isAhead).toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

function ofSubscription({ record: { ref }, standing }: { record: SubscriptionRecord; standing: Standing }): Coming[] {
  const { begins, ends, actions, state } = standing;
  return [
    ...(begins === undefined ? [] : [{ what: 'begin' as const, at: begins, why: beginText(ref, standing) }]),
    ...(ends === undefined ? [] : [{ what: 'end' as const, at: ends, why: `${ref} ends on ${ends}` }]),
    ...actions
      .filter((action) => action.do !== 'suspend')
      .map(({ do: action, at, why }) => ({
        what: state === 'trialing' ? ('trialEnd' as const) : (action as 'ask'),
        at,
        why,
      })),
  ];
}

function beginText(ref: string, { isSold, announced, begins }: Standing): string {
  return isSold ? `${ref} is ${announced} from ${begins}` : `${ref} begins on ${begins}`;
}

/** The customer as a whole is suspended when the last subscription is no longer a reason against it. */
function suspension(standings: Standing[]): Coming[] {
  const reasons = holding(standings);
  const at = lastOf(reasons.map(({ suspendedFrom }) => suspendedFrom));
  const why = reasons
    .flatMap(({ actions }) => actions)
    .find((action) => action.do === 'suspend' && action.at === at)?.why;
  return at === undefined || why === undefined ? [] : [{ what: 'suspend', at, why }];
}

/** A person is asked about the whole customer when the last subscription is only a question, or no reason any more. */
function question(standings: Standing[]): Coming[] {
  const turns = holding(standings).map(({ actions, suspendedFrom }) => {
    const first = actions.find((action) => action.do === 'ask' && isBefore(action.at, suspendedFrom));
    return first?.at ?? suspendedFrom;
  });
  const at = lastOf(turns);
  return at === undefined ? [] : [{ what: 'ask', at, why: 'no subscription is paid for' }];
}

function isBefore(at: string, other: string | undefined): boolean {
  return other === undefined || Date.parse(at) < Date.parse(other);
}
