import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../../../contract/search-attributes.js';
import { TenantryError } from '../../../contract/errors.js';
import type { ClientSettings } from '../../../settings/client.js';
import { DEFAULT_RETENTION_DAYS, missingSearchAttributes, WrongSearchAttribute } from '../../../engine/index.js';
import { connectService } from '../../connection.js';
import { listPollers } from '../../workers.js';
import { fail, ok, skipped, warn, type Check } from './check.js';
import { checkKeys } from './keys.js';
import { remedyText } from '../remedies.js';
import { checkPollers, checkRuns } from './workers.js';

const DAY_S = 86_400;

/** Checks Temporal: connection, namespace, search attributes, the workers that poll and their keys, and whether they fail at runs. */
export async function checkTemporal(settings: ClientSettings, version: string): Promise<Check[]> {
  const later = ['namespace', 'search attributes', 'workers', 'keys', 'runs'];
  const began = performance.now();
  let connection: Connection;
  try {
    connection = await connectService(settings);
  } catch (error) {
    const without = later.map((name) => skipped(name, 'needs Temporal'));
    if (!(error instanceof TenantryError)) throw error;
    return [fail('Temporal', error.message, remedyText(error)), ...without];
  }
  try {
    const answers = `answers at ${settings.address} within ${Math.round(performance.now() - began)} ms`;
    const inNamespace = [checkNamespace, checkSearchAttributes, checkWorkers, checkKeys, checkRuns] as const;
    const checks = await Promise.all(
      inNamespace.map((check, at) =>
        check(connection, settings, version).catch((error: unknown) => failed(later[at]!, settings, error)),
      ),
    );
    return [ok('Temporal', answers), ...checks];
  } finally {
    await connection.close();
  }
}

function failed(name: string, { namespace }: ClientSettings, error: unknown): Check {
  const reason = (error as { details?: string; message: string }).details ?? (error as Error).message;
  return fail(name, `namespace ${namespace}: ${reason}`, 'Run "tenantry setup", or set TEMPORAL_NAMESPACE.');
}

async function checkNamespace(connection: Connection, { namespace }: ClientSettings): Promise<Check> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const days = Math.floor(Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_S);
  const message = `${namespace} keeps finished runs for ${days} days`;
  if (days >= DEFAULT_RETENTION_DAYS) return ok('namespace', message);
  return warn(
    'namespace',
    message,
    `Run "tenantry setup" to keep them for ${DEFAULT_RETENTION_DAYS}: a repeated start gets the answer of a finished run only that long.`,
  );
}

async function checkSearchAttributes(connection: Connection, { namespace }: ClientSettings): Promise<Check> {
  const check = 'search attributes';
  try {
    const missing = await missingSearchAttributes(connection, namespace, searchAttributes);
    if (missing.length === 0) return ok(check, `all ${searchAttributes.length} are there`);
    return fail(check, `${namespace} lacks ${missing.join(', ')}`, 'Run "tenantry setup".');
  } catch (error) {
    if (error instanceof WrongSearchAttribute) return fail(check, error.problem, error.remedy);
    throw error;
  }
}

async function checkWorkers(
  connection: Connection,
  { namespace, taskQueue }: ClientSettings,
  version: string,
): Promise<Check> {
  const pollers = await listPollers(connection, namespace, taskQueue);
  return checkPollers(pollers, { taskQueue, version, now: Date.now() });
}
