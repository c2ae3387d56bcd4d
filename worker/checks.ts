import { NativeConnection } from '@temporalio/worker';
import { searchAttributes } from '../contract/search-attributes.js';
import type { Artefacts } from '../artefact-store/index.js';
import type { WorkerSettings } from '../settings/worker.js';

/** Something outside this program keeps the worker from starting: what, and the remedy. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

const CONNECT_MS = 10_000;
const STORE_MS = 3000;

/** Connects to Temporal within ten seconds, or says what to do. */
export async function connect({ temporal }: WorkerSettings): Promise<NativeConnection> {
  const address = temporal.connectionOptions.address ?? '127.0.0.1:7233';
  const connection = NativeConnection.connect({ ...temporal.connectionOptions, address });
  try {
    return await within(CONNECT_MS, connection);
  } catch (error) {
    connection.then((late) => late.close()).catch(() => undefined);
    throw new StartRefused(
      `Temporal does not answer at ${address}: ${firstLine(error)}. Start one with "tenantry engine", or set TEMPORAL_ADDRESS.`,
    );
  }
}

/** Makes sure that the namespace and all search attributes exist; without them a run would stall at its first status. */
export async function checkNamespace(connection: NativeConnection, namespace: string): Promise<void> {
  const attributes = await connection.operatorService.listSearchAttributes({ namespace }).catch((error: unknown) => {
    throw new StartRefused(`Namespace ${namespace} cannot be used: ${firstLine(error)}. Run "tenantry setup".`);
  });
  const missing = searchAttributes.filter(({ name }) => attributes.customAttributes?.[name] === undefined);
  if (missing.length > 0)
    throw new StartRefused(
      `Namespace ${namespace} lacks the search attributes ${missing.map(({ name }) => name).join(', ')}. Run "tenantry setup".`,
    );
}

/**
 * Looks whether artefacts can be kept; says what stands in the way, if that is known within three seconds. Only settings with which there is
 * nothing to ask refuse the start: a bucket that is away, or refuses this worker, keeps nobody but the runs that need it.
 */
export async function checkArtefacts(store: Artefacts): Promise<string | undefined> {
  const { state, message } = await within(STORE_MS, store.check()).catch(() => ({ state: 'unsure', message: '' }));
  if (state === 'wrong') throw new StartRefused(`The artefact store cannot be used: ${message}.`);
  return state === 'refused' ? message : undefined;
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function firstLine(error: unknown): string {
  return String((error as { message?: unknown }).message ?? error)
    .split('\n')[0]!
    .replace(/\.$/, '');
}
