import type { AcceptedRequest } from './customer-requests.js';
import type { DecisionRequest } from './decisions.js';
import type { Milestones } from './milestones.js';
import type { CustomerBlocked, CustomerProtection, CustomerRun } from './customer-runs.js';
import type { CustomerFact, Fact, SubscriptionState } from './facts.js';
import type { PlanTerms } from './sales-plans.js';
import type { OwnerDecision } from './subscription-owners.js';

/** The type of the workflow that owns one customer. */
export const CUSTOMER_WORKFLOW = 'customer';
/** The signal that brings it facts: one argument, a list of `Fact`. */
export const FACTS_SIGNAL = 'facts';
/** The query for its status, a `CustomerStatus`. */
export const CUSTOMER_QUERY = 'customer';

/** Whose customer it is: what the workflow is started with. */
export interface CustomerStart {
  ref: string;
  cloud?: string;
}

/** The fields of which one source can be the owner. */
export type OwnedField = 'name' | 'contact' | 'language';

/** A fact, and what `sources.json` and `plans.json` of this worker say about it. */
export interface MappedFact extends Fact {
  /** What the source decides where several speak of one customer. */
  owns: OwnedField[];
  /** Whether new customers of the source are acted for at once. */
  act?: 'observe' | 'apply';
  /** The type of the object that the subscription is in the API of the source; absent when that is not read. */
  readAs?: string;
  /** What was sold; absent in a fact about the customer alone. */
  sold?: MappedItem[];
}

/** What a worker makes of the content of a signal. */
export type FactReading<Item = MappedItem> =
  | { mapped: Omit<MappedFact, 'sold'> & { sold?: Item[] } }
  | { refused: string; mayBeKnownSoon?: true; source: string; event: { id: string; type: string } };

/** What a worker makes of several facts, in order. Each plan is in it once; an item names it by its digest. */
export interface FactReadings {
  readings: FactReading<PackedItem>[];
  plans: Record<string, PlanTerms>;
}

export type PackedItem = Omit<MappedItem, 'plan'> & { digest?: string };

/** One thing sold, with the sales plan that it means. */
export interface MappedItem {
  product?: string;
  /** Absent: no plan names the product, or the plan that the event names does not exist. */
  plan?: PlanTerms;
  /** The plan that the event names, if it does not exist. */
  planName?: string;
  /** True: the plan is for subscriptions that have it already. */
  retired?: boolean;
  /** True: an unknown product is set aside. */
  ignored?: boolean;
  /** Absent means: as before. */
  quantity?: number;
  /** The path at which `plans.json` expects the quantity, and the event has none. */
  missing?: string;
}

/** The quota of one item, in the words that operations accept. */
export interface WantedQuota {
  limit: string | number;
  overage?: string | number;
}

/** What a tenant should be, by all that is sold; or what the last operation achieved. */
export interface TenantState {
  /** False when no subscription is left. */
  exists: boolean;
  enabled: boolean;
  offeringItems: string[];
  edition?: string;
  /** An item without a quota is unlimited. */
  quotas: Record<string, WantedQuota>;
  billingMode: 'trial' | 'production';
  name?: string;
  language?: string;
  contact?: CustomerFact['contact'];
}

/** One subscription as the status shows it. Dates are ISO 8601. */
export interface SubscriptionStatus {
  source: string;
  ref: string;
  items: { plan?: string; product?: string; quantity: number }[];
  state: SubscriptionState;
  /** When this state began. */
  since: string;
  until?: string;
  trialEnd?: string;
  /** Whose it is; absent while no other customer has heard of it. */
  moved?: MovedSubscription;
}

/** Whose a subscription is that several customers have heard of. References of customers, dates in ISO 8601. */
export interface MovedSubscription {
  owner: string;
  others: string[];
  /** Since when a person must say whose it is; absent once somebody has. */
  openSince?: string;
  /** Who has said it last. */
  by?: OwnerDecision;
}

/** Something that is sold and not done, and why. */
export interface NotDone {
  field: string;
  why: string;
}

/** What will happen by time alone. */
export interface Coming {
  what: 'begin' | 'end' | 'suspend' | 'ask' | 'notify' | 'trialEnd' | 'offboard';
  at: string;
  why: string;
}

/** The next operation. */
export interface IntendedOperation {
  operation: string;
  why: string;
  input: object;
}

export const customerStates = [
  'waiting',
  'converging',
  'blocked',
  'steady',
  'suspended',
  'ending',
  'ended',
  'paused',
  'observed',
] as const;
export type CustomerState = (typeof customerStates)[number];

/** A tenant as the cloud shows it. An item without a quota is unlimited. */
export interface FoundTenant extends Omit<TenantState, 'exists'> {
  tenantId: string;
  kind: string;
  name: string;
  /** ISO 8601; absent while it exists. */
  deletedAt?: string;
  /** Its contract number and internal tag; absent when it has none, and in answers of older versions. */
  customerId?: string;
  tag?: string;
}

/** How `waitingFor` begins while a tenant may be the customer already. */
export const LOOKS_EXISTING = 'looksExisting';
/** How `waitingFor` begins while a person must say whose a subscription is. */
export const MOVED = 'moved';

/** A tenant that may be the customer already, and what is the same. */
export interface ExistingTenant {
  tenantId: string;
  name: string;
  /** `mark`: an earlier creation of this customer has made it, and another customer has it now. */
  why: 'customer_id' | 'name' | 'mark';
  /** The workflow id of the other customer that has it. */
  customer?: string;
}

/** Since when a person has stopped something, and until when. Times are ISO 8601. */
export interface Halt extends DecisionRequest {
  /** True only if a worker has checked a proof of the actor. Absent where an earlier version has written it down. */
  verified?: boolean;
  since: string;
  until?: string;
}

/** A field that somebody has changed in the cloud since it was last applied. */
export interface Different {
  field: string;
  wanted: unknown;
  is: unknown;
  /** When it was seen. ISO 8601. */
  since: string;
}

/** One event that the customer was given. */
export interface CustomerEvent {
  source: string;
  id: string;
  type: string;
  at: string;
  outcome: 'applied' | 'repeated' | 'older' | 'ignored' | 'recorded';
}

/** Everything about a customer: the answer of the query. */
export interface CustomerStatus {
  ref: string;
  cloud: string;
  state: CustomerState;
  tenantId?: string;
  subscriptions: SubscriptionStatus[];
  /** True while nothing is done for this customer: what would be done is shown. */
  observed?: boolean;
  notDone?: NotDone[];
  wanted: TenantState;
  /** What the tenant has, as far as this customer knows; absent while there is none. */
  applied?: TenantState;
  different?: Different[];
  paused?: Halt;
  held?: Halt;
  running?: CustomerRun;
  blocked?: CustomerBlocked;
  /** Those of its tenant. */
  milestones: Milestones;
  /** Absent where no plan of the customer has asked for it. */
  protection?: CustomerProtection;
  /** The newest 50, newest last. */
  runs: CustomerRun[];
  next?: Coming;
  /** What time alone brings after `next`, soonest first; absent when there is nothing. */
  later?: Coming[];
  /** What people have asked, the newest 20, newest last; absent while nobody has. */
  requests?: AcceptedRequest[];
  /** What would be done now, if the customer were not only observed. */
  wouldDo?: IntendedOperation;
  waitingFor?: string;
  /** Facts that wait for a worker with `sources.json` and `plans.json`, or with their source in it. */
  unread?: number;
  /** The newest 50, newest last. */
  events: CustomerEvent[];
}
