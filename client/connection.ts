import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  isGrpcDeadlineError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { durationMs } from '../contract/durations.js';
import { TenantryError } from '../contract/errors.js';
import { isLastingCause, temporalUnreachable } from '../contract/unreachable.js';
import { loadClientSettings, type ClientSettings } from '../settings/client.js';
import { clientOptions } from '../vault/index.js';

const NOT_FOUND = 5;

/** Connects as the settings say, uses the client, and closes the connection whatever happens. */
export async function withClient<T>(use: (client: Client, settings: ClientSettings) => Promise<T>): Promise<T> {
  const settings = loadClientSettings();
  const client = await connect(settings);
  try {
    return await use(client, settings);
  } finally {
    await client.connection.close();
  }
}

/** A client of the namespace, connected within ten seconds. Fails without Temporal, or without the namespace. */
async function connect(settings: ClientSettings): Promise<Client> {
  const connection = await connectService(settings);
  const { namespace } = settings;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    await connection.close();
    if ((error as { code?: number }).code !== NOT_FOUND) throw error;
    throw new TenantryError('unavailable', `Temporal has no namespace ${namespace}.`, {
      remedies: [{ do: 'setUp' }],
    });
  }
  return new Client({ connection, namespace, ...clientOptions(settings.keys) });
}

/** A connection to Temporal, whatever namespaces it has. Fails at once where waiting does not help. */
export async function connectService(
  { temporal, address }: ClientSettings,
  connectTimeout: '3 seconds' | '10 seconds' = '10 seconds',
): Promise<Connection> {
  let connection: Connection | undefined;
  let first: unknown;
  let isConnected = false;
  const retries = defaultGrpcRetryOptions();
  const retryOnceConnected = makeGrpcRetryInterceptor({
    ...retries,
    retryableDecider: (attempt, status) => isConnected && retries.retryableDecider(attempt, status),
  });
  try {
    const options = { ...temporal.connectionOptions, address, connectTimeout, interceptors: [retryOnceConnected] };
    connection = Connection.lazy(options);
    first = await failureOfFirstCall(connection, durationMs(connectTimeout));
    if (first !== undefined && (isLastingCause(first) || isGrpcDeadlineError(first))) throw first;
    if (first !== undefined) await connection.ensureConnected();
    isConnected = true;
    return connection;
  } catch (error) {
    await connection?.close();
    throw temporalUnreachable(address, first ?? error);
  }
}

/** A failed call says why; waiting for the connection says only that time is up. */
async function failureOfFirstCall(connection: Connection, timeoutMs: number): Promise<unknown> {
  try {
    await connection.withDeadline(Date.now() + timeoutMs, () => connection.workflowService.getSystemInfo({}));
    return undefined;
  } catch (error) {
    return error;
  }
}
