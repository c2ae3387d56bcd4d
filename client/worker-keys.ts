import { isGrpcServiceError, type Client } from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import { keyIdsIn } from '../contract/worker-identity.js';
import { keyIdsOf } from '../vault/index.js';
import { livingPollers } from './workers.js';

/** What this program and the workers know of each other's encryption keys, by the ids of the keys. */
export interface KeyAgreement {
  state: 'unknown' | 'agrees' | 'agrees with some' | 'disagrees';
  /** What separates each worker that does not agree. */
  differing: readonly string[];
}

/**
 * Refuses when this program and the workers cannot read each other: no worker could go on with what is sent here, or
 * its answers could not be read here. Accepts when one worker agrees, when none polls, and when none says its keys.
 */
export async function checkWorkerKeys(client: Client, taskQueue: string): Promise<void> {
  const agreement = await keyAgreement(client, taskQueue);
  if (agreement.state !== 'disagrees') return;
  const why = agreement.differing.join('; ');
  throw new TenantryError('refused', `The workers and this program have different keys, so nothing was done: ${why}.`, {
    remedies: [{ do: 'alignKeys' }],
  });
}

/** Compares the keys of this program with those of the workers that poll. Unknown when Temporal does not say. */
export async function keyAgreement(client: Client, taskQueue: string): Promise<KeyAgreement> {
  try {
    const pollers = await livingPollers(client, taskQueue);
    return compareKeys(
      keyIdsOf(client),
      pollers.map(({ identity }) => identity),
    );
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    return { state: 'unknown', differing: [] };
  }
}

/** Compares the key ids of a program, the one that encrypts first, with those of workers, by their identities. */
export function compareKeys(ours: readonly string[], identities: readonly string[]): KeyAgreement {
  const known = identities.flatMap((identity) => {
    const theirs = keyIdsIn(identity);
    return theirs === undefined ? [] : [{ identity, difference: differenceOf(ours, theirs) }];
  });
  if (known.length === 0) return { state: 'unknown', differing: [] };
  const differing = known.flatMap(({ identity, difference }) =>
    difference === undefined ? [] : [`the worker ${identity} ${difference}`],
  );
  if (differing.length === 0) return { state: 'agrees', differing };
  return { state: differing.length < identities.length ? 'agrees with some' : 'disagrees', differing };
}

/** What separates a worker from this program; undefined when each can read what the other one writes now. */
function differenceOf(ours: readonly string[], theirs: readonly string[]): string | undefined {
  const [oursNow, theirsNow] = [ours[0], theirs[0]];
  if (oursNow !== undefined && !theirs.includes(oursNow)) return `lacks the key ${oursNow}, which encrypts here`;
  if (theirsNow !== undefined && !ours.includes(theirsNow))
    return `encrypts with the key ${theirsNow}, which is missing here`;
  return undefined;
}
