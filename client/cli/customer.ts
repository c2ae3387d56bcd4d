import type { Acronis } from '../../acronis/index.js';
import { findTenants, findTenantById, pickTenant } from '../../lookups/tenant.js';
import type { OperationStatus } from '../../contract/status.js';
import { loadClientSettings } from '../../settings/client.js';
import { connect } from '../connection.js';
import { TenantryError } from '../../contract/errors.js';
import { Exit } from './exit-codes.js';
import { customerHistory, type CloudTenants, type CustomerHistory, type CustomerRun } from '../customer-history.js';
import { openCloud } from './clouds.js';
import { broughtLines, graceLines, leftoverLines, waitingLines } from './format.js';
import { stdout, table } from './output.js';
import { explaining } from './show/run.js';

/** `tenantry customer CUSTOMER`: the whole history of one customer. */
export async function customer(wanted: string, { cloud: name, json }: { cloud?: string; json?: boolean }) {
  const settings = loadClientSettings();
  const cloud = await openCloud(name).catch((error: unknown) => {
    if (name === undefined && error instanceof TenantryError) return error;
    throw error;
  });
  const client = await connect(settings);
  try {
    const history = await explaining(() =>
      customerHistory(client, wanted, { taskQueue: settings.taskQueue, cloud: tenantsOf(cloud) }),
    );
    stdout(json ? JSON.stringify(history) : historyText(history));
    return Exit.done;
  } finally {
    await client.connection.close();
  }
}

function tenantsOf(cloud: Acronis | TenantryError): CloudTenants | TenantryError {
  if (cloud instanceof TenantryError) return cloud;
  return {
    fitting: async (text) => await findTenants(cloud, text, { allowDeleted: true }),
    withId: async (id) => await findTenantById(cloud, id, { allowDeleted: true }),
    theOneMeant: pickTenant,
  };
}

/** The history of a customer as a person reads it: how it is, what was done with it, what goes on, and what to type. */
export function historyText(history: CustomerHistory): string {
  const { runs, now } = history;
  const gone = now === undefined || now.state === 'deleted';
  const rows = runs.map((run) => [second(run.startedAt), second(run.closedAt), run.id, inWords(run)]);
  return [
    heading(history),
    ...(history.before ?? []).map(
      ({ tenantId, name, deletedAt }) => `before it: ${name}, tenant ${tenantId} (deleted at ${deletedAt})`,
    ),
    ...(runs.length === 0 ? ['no run of it is kept'] : [table(['FROM', 'TO', 'RUN', 'STATE'], rows)]),
    ...runs.flatMap(({ id, status }) => (status === undefined ? [] : toDo(id, status, gone))),
  ].join('\n');
}

function heading({ tenantId, now }: CustomerHistory): string {
  if (tenantId === undefined) return 'its tenant is not made yet';
  if (now === undefined) return `tenant ${tenantId}`;
  const since = now.state === 'deleted' ? ` at ${now.deletedAt}` : '';
  return `${now.name}, tenant ${tenantId}, ${now.state}${since}`;
}

function second(time: string | undefined): string {
  return time === undefined ? '' : `${time.slice(0, 19)}Z`;
}

function inWords({ state, status, unanswered }: CustomerRun): string {
  if (status === undefined) return unanswered === undefined ? state : `${state}: ${unanswered}`;
  const more = whatOf(status);
  return more === undefined ? state : `${state}: ${more}`;
}

function whatOf(status: OperationStatus): string | undefined {
  const { grace, steps } = status;
  switch (status.state) {
    case 'completed':
      return status.changed ? made(status) : 'nothing was left to be done';
    case 'running':
      return status.waitsFor === undefined
        ? (grace?.next ?? steps.find(({ state }) => state === 'running')?.name)
        : `waits for ${status.waitsFor}`;
    case 'blocked':
      return `${status.blocked.type}: ${status.blocked.message}`;
    case 'failed':
      return `${status.reason.type}: ${status.reason.message}`;
    case 'undoing':
    case 'undone':
    case 'cancelled':
      return status.reason.message;
    default:
      return status satisfies never;
  }
}

function made(status: OperationStatus): string | undefined {
  const deletedAt = status.grace?.deletedAt;
  const all = [...(deletedAt === undefined ? [] : [`deleted at ${deletedAt}`]), ...broughtLines(status)];
  return all.length === 0 ? undefined : all.map((line) => line.trim()).join('; ');
}

/** What a person may do, or must see to, and of a customer that is deleted what a restore can do. */
function toDo(id: string, status: OperationStatus, gone: boolean): string[] {
  const { grace, state } = status;
  const lines = [
    ...(state === 'blocked' ? waitingLines(id, status.blocked) : []),
    ...(grace !== undefined && (grace.next !== undefined || (gone && state === 'completed'))
      ? graceLines(id, grace)
      : []),
    ...leftoverLines(status),
  ];
  return lines.length === 0 ? [] : [`${id}:`, ...lines];
}
