import type { IntendedOperation, TenantState, WantedQuota } from '../../contract/customers.js';
import { identityAsOrdered } from './identity.js';
import type { AppliedTenant } from './intention.js';

type Given = Partial<TenantState> & {
  customer?: Details;
  externalRef?: string;
  /** The edition that a tenant is switched to. */
  to?: string;
  /** Items that are switched off. */
  remove?: string[];
};
type Details = Pick<TenantState, 'name' | 'language' | 'contact'>;

/** What is applied once an operation has completed. Undefined when the tenant is gone. */
export function appliedAfter(
  before: AppliedTenant | undefined,
  { operation, input }: Pick<IntendedOperation, 'operation' | 'input'>,
  tenantId: string,
): AppliedTenant | undefined {
  const given = input as Given;
  if (operation === 'provisionCustomer') return provisioned(given, tenantId);
  if (before === undefined) return undefined;
  switch (operation) {
    case 'enableTenant':
    case 'restoreCustomer':
      return { ...before, enabled: true };
    case 'disableTenant':
      return { ...before, enabled: false };
    case 'changeEntitlement':
      return { ...before, ...entitlementAfter(before, given) };
    case 'updateContact':
      return { ...before, ...detailsOf(given) };
    case 'switchEdition':
      return { ...before, edition: given.to! };
    case 'switchToProduction':
      return { ...before, billingMode: 'production' };
    case 'offboardCustomer':
      return undefined;
    default:
      return before;
  }
}

/** An item that is ordered without a quota is unlimited. */
function entitlementAfter(
  before: AppliedTenant,
  { offeringItems = [], quotas = {}, remove = [] }: Given,
): Pick<TenantState, 'offeringItems' | 'quotas'> {
  const kept = Object.entries(before.quotas).filter(([item]) => ![...offeringItems, ...remove].includes(item));
  return {
    offeringItems: [...new Set([...before.offeringItems, ...offeringItems])]
      .filter((item) => !remove.includes(item))
      .toSorted(),
    quotas: sorted([...kept.filter(([item]) => !(item in quotas)), ...Object.entries(quotas)]),
  };
}

function provisioned(given: Given, tenantId: string): AppliedTenant {
  const { externalRef, customer = {}, offeringItems = [], quotas = {}, edition, billingMode = 'trial' } = given;
  return {
    tenantId,
    exists: true,
    enabled: true,
    offeringItems,
    quotas,
    billingMode,
    ...(edition !== undefined && { edition }),
    ...detailsOf(customer),
    ...(externalRef !== undefined && { identity: identityAsOrdered(customer, externalRef) }),
  };
}

function detailsOf({ name, language, contact }: Details): Details {
  return {
    ...(name !== undefined && { name }),
    ...(language !== undefined && { language }),
    ...(contact && { contact }),
  };
}

function sorted(entries: [string, WantedQuota][]): Record<string, WantedQuota> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
