import type { IntendedOperation, TenantState } from '../../../contract/customers.js';
import type { AppliedTenant } from '../../../workflows/customer/next-operation.js';

type Changes = Partial<TenantState> & {
  customer?: Pick<TenantState, 'name' | 'language' | 'contact'>;
  /** The edition that a tenant is switched to. */
  to?: string;
};

/** What is applied once an operation has completed. */
export function appliedAfter(
  before: AppliedTenant | undefined,
  { operation, input }: Pick<IntendedOperation, 'operation' | 'input'>,
  tenantId: string,
): AppliedTenant {
  const given = input as Changes;
  if (before === undefined) return provisioned(given, tenantId);
  switch (operation) {
    case 'enableTenant':
      return { ...before, enabled: true };
    case 'disableTenant':
      return { ...before, enabled: false };
    case 'changeEntitlement':
      return { ...before, offeringItems: given.offeringItems ?? [], quotas: given.quotas ?? {} };
    case 'updateContact':
      return { ...before, ...detailsOf(given) };
    case 'switchEdition':
      return { ...before, edition: given.to! };
    case 'switchToProduction':
      return { ...before, billingMode: 'production' };
    default:
      throw new Error(`The customer does not know what ${operation} has changed.`);
  }
}

function provisioned(given: Changes, tenantId: string): AppliedTenant {
  const { customer = {}, offeringItems = [], quotas = {}, edition, billingMode = 'trial' } = given;
  return {
    tenantId,
    exists: true,
    enabled: true,
    offeringItems,
    quotas,
    billingMode,
    ...(edition !== undefined && { edition }),
    ...detailsOf(customer),
  };
}

function detailsOf({ name, language, contact }: Pick<TenantState, 'name' | 'language' | 'contact'>) {
  return {
    ...(name !== undefined && { name }),
    ...(language !== undefined && { language }),
    ...(contact && { contact }),
  };
}
