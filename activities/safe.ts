import { FailureType } from '../workflows/shared/failures.js';
import type { Safe } from './attempt.js';
import { refuse } from './failures.js';

/** The worker's secret store; fails with `Tenantry.Secret` where none is configured. */
export function safeOf(safe: Safe | undefined): Safe {
  if (safe !== undefined) return safe;
  throw refuse(
    FailureType.Secret,
    'this worker keeps no secrets: start it with TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS, then retry',
  );
}
