import { FailureType } from '../workflows/shared/failures.js';
import type { Safe } from './attempt.js';
import { refuse } from './failures.js';

/** The worker's secret store; fails with `Tenantry.Secret` where none is configured. */
export function safeOf(safe: Safe | undefined): Safe {
  if (safe !== undefined) return safe;
  throw refuse(FailureType.Secret, 'TENANTRY_SECRETS_STORE is not set on this worker, so nothing secret can be kept');
}
