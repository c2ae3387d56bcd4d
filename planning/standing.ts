import { Client, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { earlierForUserOf } from '../activities/earlier-for-user.js';
import { earlierRunsOf } from '../activities/earlier-runs.js';
import { dataConverter, DecryptionError } from '../vault/index.js';
import type { CatalogueEntry } from '../catalogue/index.js';
import {
  NONE,
  type EarlierForUser,
  type EarlierRuns,
  type EarlierSpec,
  type UserRef,
} from '../contract/earlier-runs.js';
import type { ClientSettings } from '../settings/client.js';
import { connectService } from '../client/connection.js';
import { latestRun, otherInputMessage, type LatestRun } from '../client/latest-run.js';
import { TenantryError } from '../contract/errors.js';

/** The run that a start would get as its answer, instead of a new one. */
export type Joined = Pick<LatestRun, 'id' | 'runId' | 'state' | 'step' | 'reason'>;

/** Asks what is known of earlier runs: of a key, and for a user. */
export interface EarlierLooks {
  of(this: void, spec: EarlierSpec): Promise<EarlierRuns>;
  forUser(this: void, user: UserRef): Promise<EarlierForUser>;
}

/** What a start would meet in Temporal: nothing, a run to join, a refusal; or Temporal could not be asked. */
export type Standing =
  | { meets: 'nothing'; earlier: EarlierLooks }
  | { meets: 'run'; joins: Joined }
  | { meets: 'refusal'; refused: string }
  | { meets: 'unknown'; warning: string };

const LONGEST_MS = 3000;

interface Wanted {
  id: string;
  order: unknown;
}

/** Asks Temporal, for a few seconds at most, what a start of this order would meet, and goes on with the answer. Starts nothing. */
export async function askTemporal<T>(
  settings: ClientSettings,
  entry: CatalogueEntry,
  wanted: Wanted,
  then: (met: Standing) => Promise<T>,
): Promise<T> {
  const client = await opened(settings);
  if ('warning' in client) return await then(unknown(wanted, client.warning));
  try {
    return await then(await standing(client, entry, wanted));
  } finally {
    await client.connection.close();
  }
}

async function opened(settings: ClientSettings): Promise<Client | { warning: string }> {
  try {
    const connection = await connectService(settings, '3 seconds');
    const { namespace, keys } = settings;
    return new Client({ connection, namespace, dataConverter: dataConverter(keys) });
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return { warning: error.message };
  }
}

async function standing(client: Client, entry: CatalogueEntry, wanted: Wanted): Promise<Standing> {
  try {
    const deadline = Date.now() + LONGEST_MS;
    const run = await client.withDeadline(deadline, async () => await latestRun(client, entry, wanted));
    return run?.open === true ? besides(run) : { meets: 'nothing', earlier: looksOf(client) };
  } catch (error) {
    const temporals = isGrpcServiceError(error) || error instanceof ServiceError || error instanceof DecryptionError;
    if (!temporals) throw error;
    return unknown(wanted, error.message);
  }
}

function besides(run: LatestRun): Standing {
  if (run.differing.length > 0) return { meets: 'refusal', refused: otherInputMessage(run) };
  const { open: _open, differing: _differing, ...joins } = run;
  return { meets: 'run', joins };
}

function looksOf(client: Client): EarlierLooks {
  return {
    of: async (spec) => await earlier(client, spec),
    forUser: async (user) => await earlierForUserOf(client, user, {}),
  };
}

/** Where Temporal does not know, the plan looks at the cloud all the same. */
async function earlier(client: Client, spec: EarlierSpec): Promise<EarlierRuns> {
  const runs = await earlierRunsOf(client, spec, []);
  return runs.known === 'unknown' ? NONE : runs;
}

function unknown({ id }: Wanted, why: string): Standing {
  const [line] = why.split('\n');
  return { meets: 'unknown', warning: `Temporal could not be asked: a run of ${id} may be open (${line})` };
}
