import { Client, Connection } from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import { loadClientSettings, type ClientSettings } from '../settings/client.js';
import { dataConverter } from '../vault/index.js';

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
  return new Client({ connection, namespace, dataConverter: dataConverter(settings.keys) });
}

/** A connection to Temporal, whatever namespaces it has. */
export async function connectService(
  { temporal, address }: ClientSettings,
  connectTimeout: '3 seconds' | '10 seconds' = '10 seconds',
): Promise<Connection> {
  try {
    return await Connection.connect({ ...temporal.connectionOptions, address, connectTimeout });
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new TenantryError('unavailable', `Temporal does not answer at ${address}: ${reason}.`, {
      remedies: [{ do: 'startTemporal' }],
    });
  }
}
