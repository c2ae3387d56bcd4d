import type { Client } from '@temporalio/client';
import type { Acronis } from '../../acronis/index.js';
import { findTenants, findTenantById, pickTenant } from '../../lookups/tenant.js';
import type { OperationStatus } from '../../contract/status.js';
import { viewOf } from '../../contract/view.js';
import { withClient } from '../connection.js';
import { TenantryError } from '../../contract/errors.js';
import { Exit } from './exit-codes.js';
import { customerHistory, type CloudTenants, type CustomerHistory, type CustomerRun } from '../customer-history.js';
import { customerStatus } from '../customers.js';
import { openCloud } from './clouds.js';
import { customerText } from './customer-text.js';
import { linkedText, noteLines, resultTexts } from './format.js';
import { stdout } from './output.js';
import { table } from './table.js';
import { explainError } from './remedies.js';
import { joinLines } from './printable.js';
import { explainCloudErrors } from '../../lookups/index.js';

/**
 * `tenantry customer CUSTOMER`: what sources say of a customer and what follows from it; else the whole history of a
 * tenant.
 */
export async function customer(wanted: string, { cloud: name, json }: { cloud?: string; json?: boolean }) {
  return await withClient(async (client, { taskQueue }) => {
    const status = await customerStatus(client, { ref: wanted, cloud: name }, taskQueue);
    if (status === undefined) await showTenant(client, wanted, { name, json, taskQueue });
    else stdout(json ? JSON.stringify(status) : customerText(status));
    return Exit.done;
  });
}

async function showTenant(
  client: Client,
  wanted: string,
  { name, json, taskQueue }: { name: string | undefined; json: boolean | undefined; taskQueue: string },
): Promise<void> {
  const cloud = await openCloud(name).catch((error: unknown) => {
    if (name === undefined && error instanceof TenantryError) return error;
    throw error;
  });
  const history = await explainCloudErrors(() =>
    customerHistory(client, wanted, { taskQueue, cloud: tenantsOf(cloud), explain: explainError }),
  );
  stdout(json ? JSON.stringify({ kind: 'tenant', ...history }) : historyText(history));
}

function tenantsOf(cloud: Acronis | TenantryError): CloudTenants | TenantryError {
  if (cloud instanceof TenantryError) return cloud;
  return {
    find: async (text) => await findTenants(cloud, text, { allowDeleted: true }),
    get: async (id) => await findTenantById(cloud, id, { allowDeleted: true }),
    pickOne: pickTenant,
  };
}

/** The history of a customer as a person reads it: its state, what was done, what goes on, and what to type. */
export function historyText(history: CustomerHistory): string {
  const { runs, now } = history;
  const gone = now === undefined || now.state === 'deleted';
  const rows = runs.map((run) => [toSeconds(run.startedAt), toSeconds(run.closedAt), run.id, stateText(run)]);
  return joinLines([
    heading(history),
    ...(history.before ?? []).map(
      ({ tenantId, name, deletedAt }) => `before: ${name}, tenant ${tenantId} (deleted at ${deletedAt})`,
    ),
    ...(runs.length === 0 ? ['Temporal keeps no run of it'] : table(['FROM', 'TO', 'RUN', 'STATE'], rows).split('\n')),
    ...runs.flatMap(({ id, status }) => (status === undefined ? [] : actionLines(id, status, gone))),
  ]);
}

function heading({ tenantId, now }: CustomerHistory): string {
  if (tenantId === undefined) return 'its tenant does not exist yet';
  if (now === undefined) return `tenant ${tenantId}`;
  const since = now.state === 'deleted' ? ` at ${now.deletedAt}` : '';
  return `${now.name}, tenant ${tenantId}, ${now.state}${since}`;
}

function toSeconds(time: string | undefined): string {
  return time === undefined ? '' : `${time.slice(0, 19)}Z`;
}

function stateText({ state, status, unanswered }: CustomerRun): string {
  if (status === undefined) return unanswered === undefined ? state : `${state}; ${unanswered}`;
  const more = detailOf(status);
  return more === undefined ? state : `${state}: ${more}`;
}

function detailOf(status: OperationStatus): string | undefined {
  const { grace, steps, state } = status;
  // the state says already what the type of the reason would
  if (state === 'undoing' || state === 'undone' || state === 'cancelled') return status.reason.message;
  const { about } = viewOf(status);
  if (about !== undefined) return about;
  return state === 'completed'
    ? resultOf(status)
    : (grace?.next ?? steps.find((step) => step.state === 'running')?.name);
}

function resultOf(status: OperationStatus): string | undefined {
  const deletedAt = status.grace?.deletedAt;
  const all = [...(deletedAt === undefined ? [] : [`deleted at ${deletedAt}`]), ...resultTexts(viewOf(status))];
  return all.length === 0 ? undefined : all.join('; ');
}

/** What a person can do, or must do, about a run; for a deleted customer also what a restore can do. */
function actionLines(id: string, status: OperationStatus, gone: boolean): string[] {
  const { grace, state } = status;
  const view = viewOf(status);
  const graceMatters = grace !== undefined && (grace.next !== undefined || (gone && state === 'completed'));
  const notes = [
    ...(state === 'blocked' && view.waiting !== undefined ? [view.waiting] : []),
    ...(graceMatters ? view.grace : []),
  ];
  const lines = [...notes.flatMap(noteLines), ...view.leftovers.map((one) => `  ${linkedText(one)}`)];
  return lines.length === 0 ? [] : [`${id}:`, ...lines];
}
