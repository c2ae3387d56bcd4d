import type { HandMadeChange, SoldItem, State, Statement } from '../../../bench/events/statements.js';
import type { CustomerRequestName } from '../../../contract/customer-requests.js';
import type { Fault, Untidy } from '../../../simulator/index.js';
import type { CallMoment } from '../plan.js';
import type { RulesName } from './offer.js';

/** Everything that happens to one or two customers. The same plan always gives the same simulation. */
export interface CustomersPlan {
  /** The seed of all delays. */
  seed: number;
  rules: RulesName;
  /** The brake grants one change and one creation in an hour, and a person releases what waits. */
  brakes?: true;
  /** Who sells the first, the second and the third subscription of each customer. */
  sources: Statement['source'][];
  happenings: Happening[];
  faults: { call: number; fault: Fault }[];
  /** The worker dies at a call; another one starts a little later. */
  kills: CallMoment[];
  /** Runs with more events are advised to continue as new. */
  suggestsNewAfter?: number;
  untidy?: Untidy;
}

/** `after`: milliseconds since what happened before. */
export type Happening = { after: number } & (Sale | Repetition | ByHand | Request | Trouble);

/** A source says how a subscription is, or was `late` seconds ago. */
export interface Sale {
  customer: number;
  subscription: number;
  state: State;
  items: SoldItem[];
  late: number;
  /** The customer has another name and e-mail address from then on. */
  renames: boolean;
}

/** An event comes once more: the number of a sale, counted from 0. */
export interface Repetition {
  repeats: number;
}

/** A person changes something in the vendor's console, once the customer is as sold by then. */
export interface ByHand {
  customer: number;
  byHand: HandMadeChange['kind'];
}

/** A person asks something of the customer. */
export interface Request {
  customer: number;
  asks: Extract<CustomerRequestName, 'pause' | 'hold' | 'resume' | 'converge' | 'offboard'>;
}

/** The worker dies, and no other one runs for some milliseconds; Temporal or the cloud is away; or the clock of the workers is changed. */
export type Trouble = { kill: number } | { away: number } | { outage: number } | { clockAhead: number };
