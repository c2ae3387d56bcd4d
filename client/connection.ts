import { Client, Connection } from '@temporalio/client';
import { dataConverter } from '../vault/index.js';
import type { ClientSettings } from '../settings/client.js';
import { TenantryError } from '../contract/errors.js';

const NOT_FOUND = 5;

/** A client of the namespace, connected within ten seconds; else an error that says what to do. */
export async function connect(settings: ClientSettings): Promise<Client> {
  const connection = await connectService(settings);
  const { namespace } = settings;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    await connection.close();
    if ((error as { code?: number }).code !== NOT_FOUND) throw error;
    throw new TenantryError(
      'internal',
      `Temporal has no namespace ${namespace}. Run "tenantry setup", or set TEMPORAL_NAMESPACE.`,
    );
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
    throw new TenantryError(
      'internal',
      `Temporal does not answer at ${address}: ${reason}. Start one with "tenantry engine", or set TEMPORAL_ADDRESS.`,
    );
  }
}
