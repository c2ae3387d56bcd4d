import { upsertSearchAttributes } from '@temporalio/workflow';
import {
  acronisPartnerId,
  acronisTenantId,
  externalRef,
  tenantryReason,
  tenantryState,
  tenantryStep,
} from '../../contract/search-attributes.js';
import type { Reason } from '../../contract/status.js';
import type { RunDetails, StateFields } from './status-board.js';

/** Writes a changed state and the facts so far into the search attributes of the run. */
export function makeSearchable(
  state: StateFields,
  reason: Reason | undefined,
  { tenantId, partnerId, externalRef: reference }: RunDetails,
  wasBlocked: boolean,
): void {
  const attributes = [
    { key: tenantryState, value: state.state },
    { key: tenantryReason, value: reason?.type },
    { key: tenantryStep, value: state.state === 'blocked' ? state.blocked.step : undefined },
    { key: acronisTenantId, value: tenantId },
    { key: acronisPartnerId, value: partnerId },
    { key: externalRef, value: reference },
  ];
  // after the block, a search must not find its step and reason any more
  const gone = (key: typeof tenantryStep) => wasBlocked && (key === tenantryStep || key === tenantryReason);
  upsertSearchAttributes(
    attributes.flatMap(({ key, value = gone(key) ? null : undefined }) =>
      value === undefined ? [] : [{ key, value }],
    ),
  );
}
