import { NativeConnection } from '@temporalio/worker';
import type { Acronis } from '../acronis/index.js';
import { isAcronisError } from '../acronis/index.js';
import { searchAttributes } from '../workflows/shared/search-attributes.js';
import type { Artefacts } from './artefacts/index.js';
import type { WorkerSettings } from './config.js';

/** Something outside this program keeps the worker from starting: what, and the remedy. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

const CONNECT_MS = 10_000;
const CLOUD_TRIES = 3;
const CLOUD_PAUSE_MS = 2000;

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

/** Makes sure that a cloud answers and knows the API client. A cloud that is away for a moment gets three tries. */
export async function checkCloud(name: string, acronis: Acronis, baseUrl: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await acronis.rootTenantId();
    } catch (error) {
      const passing = isAcronisError(error) && ['unavailable', 'throttled'].includes(error.kind);
      if (!passing || tries >= CLOUD_TRIES) throw new StartRefused(cloudTrouble(name, baseUrl, error));
      await new Promise((resolve) => setTimeout(resolve, CLOUD_PAUSE_MS));
    }
  }
}

/** Makes sure that a bucket can be used, where there is one. One that is away does not keep the worker: runs that need it wait. */
export async function checkArtefacts(
  store: Artefacts,
  { artefacts }: Pick<WorkerSettings, 'artefacts'>,
): Promise<void> {
  if ('folder' in artefacts) return;
  const { state, message } = await store.check();
  if (state === 'wrong') throw new StartRefused(`The artefact store cannot be used: ${message}.`);
}

function cloudTrouble(name: string, baseUrl: string, error: unknown): string {
  if (!isAcronisError(error)) return `Cloud "${name}": ${firstLine(error)}`;
  const wrongClient = ['credentials', 'forbidden', 'not-found', 'rejected'].includes(error.kind);
  return wrongClient
    ? `Cloud "${name}" refuses the API client: ${error.message}. Check ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET.`
    : `Cloud "${name}" does not answer at ${baseUrl}: ${error.message}. Check ACRONIS_BASE_URL and the network.`;
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
