import type { Amount } from './amounts.js';
import type { PlanTemplate } from './plan-templates.js';

/** How much of one item a plan allows: a fixed limit, or so much for each unit sold. */
export type QuotaTerms = ({ limit: Amount } | { perUnit: Amount }) & {
  /** Of a fixed limit in all, else for each unit sold. */
  overage?: Amount;
};

/** What happens when a rule applies. */
export type RuleAction = 'notify' | 'ask' | 'suspend';

/** A quota below what is used: keep the old one, set it to what is used, or set it all the same. */
export type BelowUse = 'keep' | 'limitToUse' | 'set';

/** What happens to a customer whose subscription is not simply active. Durations are in words. */
export interface SaleRules {
  /** From the beginning of the unpaid time, in order. */
  pastDue: { after: string; do: RuleAction }[];
  paused: RuleAction;
  ended: { suspendAfter: string; offboard: 'ask' | 'automatic'; grace: string };
  trialEnded: RuleAction;
  belowUse: BelowUse;
  /** A fall of a quota by more than half, or to 0; also the end of an item that is no longer sold. */
  steepFall: 'ask' | 'apply';
  unknownProduct: 'ask' | 'ignore';
  /** When suspensions and deletions may begin, such as `Mon-Thu 09:00-16:00`. */
  actBetween?: string;
}

/** Where a new customer is created. It never changes afterwards. */
export interface Placement {
  /** A customer of another cloud is not created before a person says so. */
  cloud?: string;
  parentTenantId?: string;
  language: string;
  infra: Record<string, string>;
  twoFactor: boolean;
  /** Who becomes the first administrator. */
  administrator: 'contact' | 'none' | 'ask';
  /** The login of the administrator, from `{email}` and `{ref}`. */
  loginPattern: string;
}

/** That the machines of a customer are protected, once its tenant is there. */
export interface ProtectTerms {
  /** The template of the protection plan. */
  template: PlanTemplate;
  /** How many machines are expected; `quantity`: as many as units are sold. 1 unless given. */
  agents?: number | 'quantity';
}

/** As many machines as a customer can be expected to have. */
export const MOST_AGENTS = 1000;

/** A sales plan as it was when a subscription was first mapped by it. */
export interface PlanTerms {
  name: string;
  /** Changes when the meaning of the plan changes. */
  digest: string;
  offeringItems: string[];
  edition?: string;
  /** Of two editions the one with the higher rank counts. */
  rank: number;
  quotas: Record<string, QuotaTerms>;
  billingMode: 'trial' | 'production';
  /** More units than this need a person's yes. */
  maxQuantity?: number;
  /** Absent: nothing is done for its machines. */
  protect?: ProtectTerms;
  placement: Placement;
  rules: SaleRules;
  /** Of the source, where a rule needs it. */
  timezone?: string;
}
