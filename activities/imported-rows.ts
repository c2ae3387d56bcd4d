import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { factsSignal } from '../catalogue/event-signals.js';
import { factOfRow, isNewestOf } from '../catalogue/imported-rows.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../contract/customers.js';
import type { ImportedRow, StoredRows } from '../contract/imported-rows.js';

export interface RowDependencies {
  /** The rows of imports, by where they are kept; absent on a worker without a store. */
  importedRows?: ImportedRows;
}

export interface ImportedRows {
  /** The rows by the reference of their customer. Fails when they are not there, or not those of the import. */
  read(rows: StoredRows): Promise<ReadonlyMap<string, ImportedRow>>;
  forget(rows: StoredRows): Promise<void>;
}

/** The rows of one import, read. */
export interface RowsOfImport extends StoredRows {
  byRef: ReadonlyMap<string, ImportedRow>;
}

export function rowsUnreadable({ place }: StoredRows, error: unknown): string {
  return `its row cannot be read from ${place}: ${(error as Error).message}; give this command and all workers one artefact store`;
}

/**
 * Tells a customer what its row says, and begins it where there is none. One whose newest row is this one hears
 * nothing: the answer is its status.
 */
export async function bringRow(
  client: Client,
  { ref, cloud }: { ref: string; cloud: string | undefined },
  rows: RowsOfImport | undefined,
): Promise<CustomerStatus | undefined> {
  const row = rows?.byRef.get(ref);
  if (rows === undefined || row === undefined) throw new Error(`the import has no row of ${ref}`);
  const now = await statusNow(client, customerWorkflowId(ref, cloud));
  if (now !== undefined && isNewestOf(row, rows.source, now.events)) return now;
  const { type, ...signal } = factsSignal({ ref, cloud, facts: [factOfRow(row, rows)] });
  await client.workflow.signalWithStart(type, { ...signal, taskQueue: Context.current().info.taskQueue });
  return undefined;
}

/** Undefined when there is no such customer, or not any more. */
async function statusNow(client: Client, id: string): Promise<CustomerStatus | undefined> {
  const handle = client.workflow.getHandle(id);
  try {
    if ((await handle.describe()).status.name !== 'RUNNING') return undefined;
    return await handle.query<CustomerStatus>(CUSTOMER_QUERY);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
