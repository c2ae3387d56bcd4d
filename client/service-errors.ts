import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';

const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;
/** A run takes so many signals until it has read them; the same call can succeed later. */
const fullForNow = /limit for signal/i;
const tooLarge = /larger than max|exceeds (the )?(size )?limit|too large/i;

/**
 * What an error of Temporal's client hides behind words such as "Failed to start Workflow": the reason that the service
 * gave. `doing` is what was tried, such as "start the run". It is `refused` only where the same call can never succeed: a
 * namespace that fails over, for one, is a precondition that passes. Undefined for any other error.
 */
export function explainServiceError(doing: string, error: unknown): TenantryError | undefined {
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return undefined;
  const reason = (cause.details || cause.message).trim().replace(/\.$/, '');
  const code: number = cause.code;
  const isInvalid = code === INVALID_ARGUMENT && !fullForNow.test(reason);
  if (isInvalid || (code === RESOURCE_EXHAUSTED && tooLarge.test(reason)))
    return new TenantryError('refused', `Temporal refuses to ${doing}: ${reason}.`);
  return new TenantryError('unavailable', `Temporal could not ${doing}: ${reason}.`);
}
