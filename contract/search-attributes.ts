import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The state of the run (`running`, `completed`, …). */
export const tenantryState = defineSearchAttributeKey('TenantryState', SearchAttributeType.KEYWORD);
/** The step at which the run is blocked. */
export const tenantryStep = defineSearchAttributeKey('TenantryStep', SearchAttributeType.KEYWORD);
/** Why the run is blocked or did not complete: a failure type. */
export const tenantryReason = defineSearchAttributeKey('TenantryReason', SearchAttributeType.KEYWORD);
/** The customer's tenant id. */
export const acronisTenantId = defineSearchAttributeKey('AcronisTenantId', SearchAttributeType.KEYWORD);
/** The tenant id of the customer's parent. */
export const acronisPartnerId = defineSearchAttributeKey('AcronisPartnerId', SearchAttributeType.KEYWORD);
/** The caller's own id. */
export const externalRef = defineSearchAttributeKey('ExternalRef', SearchAttributeType.KEYWORD);

/**
 * All search attributes that a namespace needs before a worker can run there: ids and states only, never personal data.
 */
export const searchAttributes = [
  tenantryState,
  tenantryStep,
  tenantryReason,
  acronisTenantId,
  acronisPartnerId,
  externalRef,
].map(({ name }) => ({ name, type: 'Keyword' as const }));
