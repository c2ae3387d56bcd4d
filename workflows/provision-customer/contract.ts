import { everyAmendable, type Activation, type EveryOrder, type Person } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const PROVISION_CUSTOMER = 'provisionCustomer';

export interface Quota {
  /** A size ("1 TiB") for storage, "10 points" or 10 for compute points, "20 hours" for other time, a whole number for what is counted. */
  limit: string | number;
  /** Above `limit` by this much the quota is hard; without it the quota only warns. */
  overage?: string | number;
}

/** What to provision, with every default filled in. `schema.ts` reads it from what the caller typed. */
export interface ProvisionCustomerOrder extends EveryOrder {
  customer: {
    name: string;
    customerId?: string;
    parentTenantId?: string;
    language: string;
    contact?: { email: string };
    managedByProvider: boolean;
    enhancedSecurity: boolean;
  };
  /** Names of offering items; with `edition`, these besides every item of the edition. One of the two is always given. */
  offeringItems?: string[];
  edition?: string;
  quotas: Record<string, Quota>;
  /** One storage or site; it counts for every kind for which it is offered. */
  infraId?: string;
  /** One storage or site for each kind: `backup`, `dr`, … */
  infra?: Record<string, string>;
  twoFactor: boolean;
  billingMode: 'trial' | 'production';
  confirm?: string;
  administrator: Person;
  activation: Activation;
}

/** What a completed run has made. */
export interface ProvisionedCustomer {
  tenantId: string;
  userId: string;
  /** Names of the offering items that are switched on. */
  offeringItems: string[];
}

/** How a completed run answers: the final status and what was made. */
export type ProvisionCustomerResult = Completed & ProvisionedCustomer;

/** The steps that this order needs, in the order in which they begin. */
export function provisionCustomerSteps(order: ProvisionCustomerOrder): string[] {
  return [
    'findOfferingItems',
    'checkLogin',
    'ensureCustomerTenant',
    'applyOfferingItems',
    ...(order.twoFactor ? ['requireTwoFactor'] : []),
    'ensureUser',
    'assignRole',
    ...(order.billingMode === 'production' ? ['switchToProduction'] : []),
    order.activation.by === 'email' ? 'sendActivationEmail' : 'setPassword',
    ...(order.customer.managedByProvider ? [] : ['limitAdministratorAccess']),
  ];
}

/** Which steps use which part of the input; parts that are not listed say for whom the run is, and stay. */
export const provisionCustomerAmendable: Readonly<Record<string, readonly string[]>> = {
  'customer.name': ['ensureCustomerTenant'],
  'customer.parentTenantId': ['ensureCustomerTenant'],
  'customer.language': ['ensureCustomerTenant', 'ensureUser'],
  'customer.contact': ['ensureCustomerTenant'],
  'customer.managedByProvider': ['ensureCustomerTenant', 'limitAdministratorAccess'],
  'customer.enhancedSecurity': ['ensureCustomerTenant'],
  offeringItems: ['applyOfferingItems'],
  edition: ['applyOfferingItems'],
  quotas: ['applyOfferingItems'],
  infraId: ['applyOfferingItems'],
  infra: ['applyOfferingItems'],
  twoFactor: ['requireTwoFactor'],
  billingMode: ['switchToProduction'],
  confirm: [],
  administrator: ['ensureUser'],
  activation: ['sendActivationEmail', 'setPassword'],
  ...everyAmendable,
};
