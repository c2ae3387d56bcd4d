import type { CustomerStatus, SubscriptionStatus, TenantState } from '../../../contract/customers.js';
import { everyMilestone } from '../../../contract/milestones.js';
import type { KnownCustomer } from '../../../client/overview/known-customer.js';

/** The time of these tests. */
export const NOW = Date.parse('2026-12-01T06:00:00.000Z');
export const day = (days: number) => new Date(NOW + days * 86_400_000).toISOString();

export const tenantState = (more: Partial<TenantState> = {}): TenantState => ({
  exists: true,
  enabled: true,
  offeringItems: ['storage', 'workstations'],
  quotas: { workstations: { limit: 25 }, storage: { limit: '1 TiB' } },
  billingMode: 'trial',
  ...more,
});

export const subscription = (more: Partial<SubscriptionStatus> = {}): SubscriptionStatus => ({
  source: 'shop',
  ref: 'sub_1',
  items: [],
  state: 'active',
  since: day(-30),
  ...more,
});

/** A customer that is as sold, unless said otherwise. */
export function known(more: Partial<CustomerStatus> = {}): KnownCustomer {
  const { ref = 'C-1' } = more;
  const status = {
    ref,
    cloud: 'default',
    state: 'steady' as const,
    tenantId: `tenant of ${ref}`,
    subscriptions: [subscription()],
    wanted: tenantState(),
    applied: tenantState(),
    milestones: everyMilestone(),
    events: [],
    ...more,
  };
  return { id: `customer:${ref}`, readAt: NOW, status };
}
