import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const NOT_FOUND = 5;
const UNAVAILABLE = 14;
const DAY_S = 86_400;
const READY_MS = 30_000;

/** Default number of days for which a finished run is kept. */
export const DEFAULT_RETENTION_DAYS = 30;

export interface SearchAttribute {
  readonly name: string;
  readonly type: 'Keyword';
}

export interface SetUpOptions {
  connection: Connection;
  namespace: string;
  searchAttributes: readonly SearchAttribute[];
  /** Sets the retention exactly. Default: raises a shorter one to thirty days and keeps a longer one. */
  retentionDays?: number | undefined;
}

/** What `setUpNamespace` found and did. */
export interface SetUpReport {
  namespace: 'made' | 'changed' | 'was there';
  retentionDays: number;
  added: string[];
}

/**
 * Prepares a namespace: creates it if needed, keeps finished runs long enough, and adds missing search attributes. Safe
 * to repeat.
 */
export async function setUpNamespace({
  connection,
  namespace,
  searchAttributes,
  retentionDays,
}: SetUpOptions): Promise<SetUpReport> {
  const current = await retentionOf(connection, namespace);
  const wanted = retentionDays ?? Math.max(current ?? 0, DEFAULT_RETENTION_DAYS);
  const workflowExecutionRetentionPeriod = { seconds: wanted * DAY_S } as never;
  if (current === undefined) {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    await waitUntil(async () => (await retentionOf(connection, namespace)) !== undefined, `namespace ${namespace}`);
  } else if (current !== wanted) {
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: workflowExecutionRetentionPeriod },
    });
  }
  const added = await addSearchAttributes(connection, namespace, searchAttributes);
  const outcome = current === undefined ? 'made' : current === wanted ? 'was there' : 'changed';
  return { namespace: outcome, retentionDays: wanted, added };
}

/** A search attribute that exists with another type than it must have. */
export class WrongSearchAttribute extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${problem}. ${remedy}`);
  }
}

/** Names of the search attributes that the namespace lacks. Throws `WrongSearchAttribute`. */
export async function missingSearchAttributes(
  connection: Connection,
  namespace: string,
  searchAttributes: readonly SearchAttribute[],
): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return searchAttributes.flatMap(({ name, type }) => {
    const found = customAttributes?.[name];
    if (found === undefined || found === null) return [name];
    if (found === IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD) return [];
    const other = IndexedValueType[found]?.replace('INDEXED_VALUE_TYPE_', '') ?? String(found);
    throw new WrongSearchAttribute(
      `Search attribute ${name} exists in namespace ${namespace} as ${other}, but must be ${type}`,
      `Remove it ("temporal operator search-attribute remove --name ${name}") or use another namespace.`,
    );
  });
}

async function addSearchAttributes(connection: Connection, namespace: string, attributes: readonly SearchAttribute[]) {
  let missing: string[] = [];
  // a new namespace is not known to every part of the server at once
  await waitUntil(async () => {
    missing = await missingSearchAttributes(connection, namespace, attributes);
    return true;
  }, `the search attributes of ${namespace}`);
  if (missing.length === 0) return missing;
  const searchAttributes = Object.fromEntries(
    missing.map((name) => [name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD]),
  );
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  const complete = async () => (await missingSearchAttributes(connection, namespace, attributes)).length === 0;
  await waitUntil(complete, `the new search attributes of ${namespace}`);
  return missing;
}

async function retentionOf(connection: Connection, namespace: string): Promise<number | undefined> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_S;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return undefined;
    throw error;
  }
}

async function waitUntil(isDone: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    try {
      if (await isDone()) return;
    } catch (error) {
      const isTransient = [NOT_FOUND, UNAVAILABLE].includes((error as { code?: number }).code ?? -1);
      if (!isTransient || performance.now() > deadline) throw error;
    }
    if (performance.now() > deadline) throw new Error(`Temporal did not serve ${what} within ${READY_MS / 1000} s`);
    await sleep(200);
  }
}
