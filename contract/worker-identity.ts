/** Who a worker says that it is. Temporal shows it to every client, with each poll and in each history. */
export interface WorkerIdentity {
  version: string;
  pid: number;
  host: string;
  /** Ids of its encryption keys; the first one encrypts. Empty when it encrypts nothing. */
  keyIds: readonly string[];
}

const NO_KEYS = 'no keys';

/** The identity as Temporal gets it. `keyIdsIn` and the doctor read it. */
export function identityText({ version, pid, host, keyIds }: WorkerIdentity): string {
  return `tenantry@${version} ${pid}@${host} ${keyIds.length === 0 ? NO_KEYS : `keys ${keyIds.join(',')}`}`;
}

/** A worker for people, by its identity. */
export function workerNamed(identity: string): string {
  return identity.endsWith(` ${NO_KEYS}`) ? `${identity.slice(0, -NO_KEYS.length - 1)} (without encryption)` : identity;
}

/** The key ids in an identity, the one that encrypts first; undefined for a worker that does not say. */
export function keyIdsIn(identity: string): readonly string[] | undefined {
  const [, said, ids] = / (no keys|keys ([^ ]+))$/.exec(identity) ?? [];
  if (said === undefined || !identity.startsWith('tenantry@')) return undefined;
  return ids === undefined ? [] : ids.split(',');
}
