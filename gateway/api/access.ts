import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { digestOf, roles, type ApiKey, type Role } from '../../settings/api-keys.js';
import { Problem } from './problem.js';

/** Operations that take something away or let somebody in: a key must be allowed to decide. */
const grave: ReadonlySet<string> = new Set([
  'createApiClient',
  'disableApplications',
  'disableTenant',
  'impersonateUser',
  'offboardCustomer',
  'switchToProduction',
]);

const BEARER = /^Bearer +(\S+)$/i;
const HOW = 'Send "Authorization: Bearer KEY" with a key of "tenantry key create".';

/** Finds the key of a request. Fails as 401 without a valid one. */
export function keyOf(authorization: string | undefined, keys: readonly ApiKey[]): ApiKey {
  const secret = BEARER.exec(authorization ?? '')?.[1];
  if (secret === undefined) throw new Problem(401, 'Unauthorized', `The request has no key. ${HOW}`);
  // digests are compared, so the time that it takes says nothing about the keys
  const digest = digestOf(secret);
  const key = keys.find(({ sha256 }) => sha256 === digest);
  if (key === undefined) throw new Problem(401, 'Unauthorized', `The key is unknown, or it was revoked. ${HOW}`);
  return key;
}

/** Fails as 403 when the key may do less. */
export function checkRole({ name, role }: ApiKey, needed: Role): void {
  if (roles.indexOf(role) >= roles.indexOf(needed)) return;
  throw new Problem(403, 'Forbidden', `The key ${name} has the role "${role}"; this needs "${needed}".`);
}

/** Fails as 403 when the key may not start this operation. */
export function checkStart(key: ApiKey, operation: string): void {
  checkOperation(key, operation);
  checkRole(key, grave.has(operation) ? 'decide' : 'operate');
}

/** Fails as 403 when the key is limited to other operations. */
export function checkOperation({ name, operations }: ApiKey, operation: string): void {
  if (operations === undefined || operations.includes(operation)) return;
  throw new Problem(403, 'Forbidden', `The key ${name} is limited to ${operations.join(', ')}.`);
}

/** Fails as 403 when the key is limited to some operations: what shows or starts all of them is not for it. */
export function checkAllOperations({ name, operations }: ApiKey): void {
  if (operations === undefined) return;
  throw new Problem(
    403,
    'Forbidden',
    `The key ${name} is limited to ${operations.join(', ')}; this needs a key without such a limit.`,
  );
}

/** The same, and when the key is limited to a part of the tenant tree: what concerns all customers is not for it. */
export function checkSeesAll(key: ApiKey): void {
  checkAllOperations(key);
  if (key.below === undefined) return;
  throw new Problem(
    403,
    'Forbidden',
    `The key ${key.name} is limited to ${toText(key.below)}; this needs a key without such a limit.`,
  );
}

/** A part of the tenant tree, in words. */
export function toText(below: NonNullable<ApiKey['below']>): string {
  return below.map(({ tenantId, cloud }) => `the tenant ${tenantId}${inCloud(cloud)} and all below it`).join(', or ');
}

function inCloud(cloud: string): string {
  return cloud === DEFAULT_CLOUD ? '' : ` in the cloud ${cloud}`;
}
