import { Client } from '@temporalio/client';
import { readOutgoing, type OutgoingEntry } from '../../../catalogue/outgoing-file.js';
import { TenantryError } from '../../../contract/errors.js';
import { EVENT_DELIVERY, OUTGOING_EVENTS } from '../../../contract/outgoing-events.js';
import { loadClientSettings, loadSecretSources } from '../../../settings/client.js';
import { loadOutgoingPath } from '../../../settings/outgoing.js';
import { signingSecretProblem } from '../../../settings/signing-secret.js';
import { load } from '../../../settings/watched-file.js';
import { clientOptions, createSecretReader, isPlaceKnown } from '../../../vault/index.js';
import { connectService } from '../../connection.js';
import { fail, ok, skipped, warn, type Check } from './check.js';

const NAME = 'outgoing events';
const RECENT_MS = 3 * 86_400_000;

/** Whether `outgoing.json` and its secrets can be used, and whether events reach their addresses. */
export async function checkOutgoing(): Promise<Check[]> {
  const path = loadOutgoingPath();
  if (path === undefined) return [skipped(NAME, 'TENANTRY_OUTGOING is not set')];
  try {
    const entries = await load<OutgoingEntry[]>({
      path,
      name: 'outgoing',
      setting: 'TENANTRY_OUTGOING',
      read: readOutgoing,
    });
    const problems = (await Promise.all(entries.map(problemsOfSecrets))).flat();
    if (problems.length > 0) return problems;
    const hosts = entries.map(({ url }) => new URL(url).host).join(', ');
    return [ok(NAME, `${entries.length} address(es) in ${path}: ${hosts}`), await checkDeliveries()];
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return error.problems.map(({ path: at, message }) => fail(NAME, `${at}: ${message}`, 'Correct it.'));
  }
}

/** Secrets that only the worker can read are not checked here. */
async function problemsOfSecrets({ secrets }: OutgoingEntry, at: number): Promise<Check[]> {
  const sources = loadSecretSources();
  const read = createSecretReader(sources, 'machine');
  const problems = secrets
    .filter((reference) => isPlaceKnown(reference, sources))
    .map(async (reference) => {
      const secret = await read(reference).catch((error: unknown) => error as Error);
      return secret instanceof Error ? secret.message : signingSecretProblem(secret.trim());
    });
  const found = (await Promise.all(problems)).filter((problem) => problem !== undefined);
  return found.map((problem) => fail(NAME, `${at}.secret: ${problem}`, 'Correct the secret.'));
}

/** What Temporal knows of them. */
async function checkDeliveries(): Promise<Check> {
  const name = 'deliveries';
  const settings = loadClientSettings();
  const connection = await connectService(settings).catch((error: unknown) => {
    if (error instanceof TenantryError) return undefined;
    throw error;
  });
  if (connection === undefined) return skipped(name, 'needs Temporal');
  try {
    const client = new Client({ connection, namespace: settings.namespace, ...clientOptions(settings.keys) });
    const count = async (query: string) => (await client.workflow.count(query)).count;
    const since = new Date(Date.now() - RECENT_MS).toISOString();
    const ofType = `WorkflowType = '${EVENT_DELIVERY}'`;
    const [looking, waiting, givenUp] = await Promise.all([
      count(`WorkflowType = '${OUTGOING_EVENTS}' AND ExecutionStatus = 'Running'`),
      count(`${ofType} AND ExecutionStatus = 'Running'`),
      count(`${ofType} AND ExecutionStatus = 'Failed' AND CloseTime >= '${since}'`),
    ]);
    if (looking === 0)
      return warn(name, 'nothing looks what happens', 'Start a worker with TENANTRY_OUTGOING; it starts that.');
    const message = `${waiting} under way or waiting, ${givenUp} given up in the last 3 days`;
    if (givenUp === 0) return ok(name, message);
    return warn(name, message, `Look at the failed runs of ${EVENT_DELIVERY} in Temporal's UI: they say why.`);
  } finally {
    await connection.close();
  }
}
