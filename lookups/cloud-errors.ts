import { isAcronisError, type AcronisError, type AcronisErrorKind } from '../acronis/index.js';
import { credentialsRefused, TenantryError } from '../contract/errors.js';
import { FailureType } from '../contract/failures.js';

/** Turns the cloud's errors into ones that a person can act on. */
export async function explainCloudErrors<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isAcronisError(error) ? toTenantryError(error) : error;
  }
}

function toTenantryError({ kind, message }: AcronisError): TenantryError {
  const type = failureTypes[kind];
  switch (kind) {
    case 'credentials':
      return credentialsRefused(message);
    case 'unavailable':
    case 'throttled':
    case 'unreadable':
      return new TenantryError('unavailable', `${message}.`, { type, remedies: [{ do: 'checkClouds' }] });
    case 'not-found':
    case 'forbidden':
    case 'rejected':
    case 'conflict':
    case 'taken':
    case 'quota':
      return new TenantryError('refused', message, { type });
    default:
      return kind satisfies never;
  }
}

const failureTypes: Readonly<Record<AcronisErrorKind, FailureType>> = {
  unavailable: FailureType.Unavailable,
  throttled: FailureType.Throttled,
  credentials: FailureType.Credentials,
  unreadable: FailureType.Unreadable,
  'not-found': FailureType.NotFound,
  forbidden: FailureType.Forbidden,
  rejected: FailureType.Rejected,
  conflict: FailureType.Conflict,
  taken: FailureType.Taken,
  quota: FailureType.Quota,
};
