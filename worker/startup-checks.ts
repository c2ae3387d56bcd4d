import { NativeConnection } from '@temporalio/worker';
import type { ReadableArtefactStore } from '../contract/artefacts.js';
import { TenantryError, type Remedy } from '../contract/errors.js';
import { searchAttributes } from '../contract/search-attributes.js';
import { temporalUnreachable } from '../contract/unreachable.js';
import type { WorkerSettings } from '../settings/worker.js';

const CONNECT_MS = 10_000;
const STORE_MS = 3000;

/** Connects to Temporal within ten seconds. Fails as `unavailable`. */
export async function connectTemporal({ temporal, address }: WorkerSettings['temporal']): Promise<NativeConnection> {
  const connection = NativeConnection.connect({ ...temporal.connectionOptions, address });
  try {
    return await within(CONNECT_MS, connection);
  } catch (error) {
    connection.then((late) => late.close()).catch(() => undefined);
    throw temporalUnreachable(address, error);
  }
}

/**
 * Makes sure that the namespace and all search attributes exist. Without them a run would stall at its first status.
 */
export async function checkNamespace(connection: NativeConnection, namespace: string): Promise<void> {
  const attributes = await connection.operatorService.listSearchAttributes({ namespace }).catch((error: unknown) => {
    throw unavailable(`Namespace ${namespace} cannot be used: ${firstLine(error)}.`, { do: 'setUp' });
  });
  const missing = searchAttributes.filter(({ name }) => attributes.customAttributes?.[name] === undefined);
  const names = missing.map(({ name }) => name).join(', ');
  if (names !== '') throw unavailable(`Namespace ${namespace} lacks the search attributes ${names}.`, { do: 'setUp' });
}

/**
 * Checks whether artefacts can be kept. Fails only for settings with which no store can be asked. A worker also starts
 * while its bucket does not answer or refuses it, because most runs do not need it. Returns why the bucket refuses, if
 * that is known within three seconds.
 */
export async function checkArtefacts(store: ReadableArtefactStore): Promise<string | undefined> {
  const { state, message } = await within(STORE_MS, store.check()).catch(() => ({ state: 'unsure', message: '' }));
  if (state === 'wrong') throw unavailable(`The artefact store cannot be used: ${message}.`);
  return state === 'refused' ? message : undefined;
}

function unavailable(message: string, remedy?: Remedy): TenantryError {
  return new TenantryError('unavailable', message, { remedies: remedy === undefined ? [] : [remedy] });
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
