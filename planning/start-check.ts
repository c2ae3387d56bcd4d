import { Client, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { earlierForUserOf } from '../activities/earlier-for-user.js';
import { earlierRunsOf } from '../activities/earlier-runs.js';
import { clientOptions, DecryptionError } from '../vault/index.js';
import type { CatalogueEntry } from '../catalogue/index.js';
import {
  NO_EARLIER_RUNS,
  NO_EARLIER_RUNS_FOR_USER,
  type EarlierForUser,
  type EarlierRuns,
  type EarlierSpec,
  type UserRef,
} from '../contract/earlier-runs.js';
import type { ClientSettings } from '../settings/client.js';
import { connectService } from '../client/connection.js';
import { latestRun, otherInputMessage, type LatestRun } from '../client/latest-run.js';
import { TenantryError } from '../contract/errors.js';

/** The open run that a start would return instead of starting a new one. */
export type JoinedRun = Pick<LatestRun, 'id' | 'runId' | 'state' | 'step' | 'reason'>;

/** Queries for earlier runs: of a key, and for a user. */
export interface EarlierRunQueries {
  ofKey(this: void, spec: EarlierSpec): Promise<EarlierRuns>;
  ofUser(this: void, user: UserRef): Promise<EarlierForUser>;
  /** True once a query could not be answered; its result is then that of no runs. */
  failed(this: void): boolean;
}

/** What a start would find in Temporal: nothing, a run to join, or a refusal; `unknown` if Temporal does not answer. */
export type StartCheck =
  | { finds: 'nothing'; earlier: EarlierRunQueries; warning?: undefined }
  | { finds: 'run'; joins: JoinedRun }
  | { finds: 'refusal'; refused: string }
  | { finds: 'unknown'; earlier: EarlierRunQueries; warning: string };

const QUERY_TIMEOUT_MS = 3000;

interface StartRequest {
  id: string;
  order: unknown;
}

/**
 * Asks Temporal, for a few seconds at most, what a start of this order would find, and calls `then`. Starts nothing.
 */
export async function withStartCheck<T>(
  settings: ClientSettings,
  entry: CatalogueEntry,
  wanted: StartRequest,
  then: (found: StartCheck) => Promise<T>,
): Promise<T> {
  const client = await openClient(settings);
  if ('warning' in client) return await then(notAsked(wanted, client.warning));
  try {
    return await then(await checkStart(client, entry, wanted));
  } finally {
    await client.connection.close();
  }
}

async function openClient(settings: ClientSettings): Promise<Client | { warning: string }> {
  try {
    const connection = await connectService(settings, '3 seconds');
    const { namespace, keys } = settings;
    return new Client({ connection, namespace, ...clientOptions(keys) });
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return { warning: error.message };
  }
}

/** Asks Temporal what a start of this order would find. Starts nothing. */
export async function checkStart(client: Client, entry: CatalogueEntry, wanted: StartRequest): Promise<StartCheck> {
  try {
    const deadline = Date.now() + QUERY_TIMEOUT_MS;
    const run = await client.withDeadline(deadline, async () => await latestRun(client, entry, wanted));
    return run?.open === true ? joinOrRefuse(run) : { finds: 'nothing', earlier: earlierRunQueries(client) };
  } catch (error) {
    const temporals = isGrpcServiceError(error) || error instanceof ServiceError || error instanceof DecryptionError;
    if (!temporals) throw error;
    return notAsked(wanted, error.message);
  }
}

function joinOrRefuse(run: LatestRun): StartCheck {
  if (run.differing.length > 0) return { finds: 'refusal', refused: otherInputMessage(run) };
  const { open: _open, differing: _differing, ...joins } = run;
  return { finds: 'run', joins };
}

/** If Temporal cannot say, the plan continues with the cloud alone. */
function earlierRunQueries(client: Client): EarlierRunQueries {
  let failed = false;
  return {
    ofKey: async (spec) => {
      const runs = await earlierRunsOf(client, spec, []);
      if (runs.known !== 'unknown') return runs;
      failed = true;
      return NO_EARLIER_RUNS;
    },
    ofUser: async (user) => await earlierForUserOf(client, user, {}),
    failed: () => failed,
  };
}

/** Queries for earlier runs where Temporal cannot be asked. */
function unansweredQueries(): EarlierRunQueries {
  let failed = false;
  const answer =
    <T>(nothing: T) =>
    async (): Promise<T> => {
      failed = true;
      return nothing;
    };
  return { ofKey: answer(NO_EARLIER_RUNS), ofUser: answer(NO_EARLIER_RUNS_FOR_USER), failed: () => failed };
}

function notAsked({ id }: StartRequest, why: string): StartCheck {
  const [line] = why.split('\n');
  const warning = `Temporal could not be asked: a run of ${id} may be open (${line})`;
  return { finds: 'unknown', earlier: unansweredQueries(), warning };
}
