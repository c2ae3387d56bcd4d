import { cloudOf } from '../../../catalogue/input.js';
import { namedById, tenantOfOrder, type NamedTenant } from '../../../catalogue/tenant-of-order.js';
import { quoted } from '../../../client/list-filter.js';
import { toListedRun } from '../../../client/list.js';
import { findOperation, readOrder, type StartedRun } from '../../../client/operations.js';
import { TenantryError } from '../../../contract/errors.js';
import { DEFAULT_CLOUD, workflowId } from '../../../contract/ids.js';
import type { ApiKey } from '../../../settings/api-keys.js';
import { listRuns } from '../../../vault/list-runs.js';
import { describeIfThere, partOf, type PartOfTree, type TreeParts } from './part-of-tree.js';

interface Order {
  operation: string;
  input: unknown;
}

/**
 * Starts an order of a key. A key that is limited to a part of the tenant tree starts only what is about a tenant in it, and
 * joins no run elsewhere. What was checked is what is started: the tenant is then named by its id. Fails as 403, before
 * anything starts.
 */
export async function startWithin(
  parts: TreeParts,
  key: ApiKey,
  order: Order,
  start: (input: unknown) => Promise<StartedRun>,
): Promise<StartedRun> {
  const part = partOf(parts, key);
  if (part === undefined) return await start(order.input);
  const input = await inputWithin(parts, part, order);
  const started = await start(input).catch(async (error: unknown) => {
    // somebody else may have started one since
    if (error instanceof TenantryError && error.kind === 'refused')
      await checkRunsOfKey(parts, part, { ...order, input });
    throw error;
  });
  if (await part.seesRun(started.id)) return started;
  throw taken(part);
}

/**
 * The input, with its tenant named by id. Fails as 403 when the order is not about a tenant in this part, or has the business
 * key of a run elsewhere.
 */
export async function inputWithin(parts: TreeParts, part: PartOfTree, order: Order): Promise<unknown> {
  const input = await namedWithin(part, order);
  await checkRunsOfKey(parts, part, { ...order, input });
  return input;
}

async function namedWithin(part: PartOfTree, { operation, input }: Order): Promise<unknown> {
  const { order } = readOrder(findOperation(operation), input);
  await part.check();
  const named = tenantOfOrder(operation, order);
  if (named === undefined) {
    const problem = { path: 'tenant', message: 'is missing' };
    throw part.forbidden('a user alone can be anywhere, so name the tenant', [problem]);
  }
  const { field: path, tenant } = named;
  const place = await part.placeOf({ cloud: cloudOf(order), tenant });
  if (place !== undefined) return namedById(input, named, place.id);
  throw part.forbidden(`${path} names none of these`, [{ path, message: messageFor(tenant) }]);
}

function messageFor(tenant: NamedTenant): string {
  if (tenant === 'own') return "is missing: without it the order is about the API client's own tenant";
  const where = 'must be a tenant to which the key is limited, or one below it';
  return 'id' in tenant ? where : `${where}; name it by its id if its name does not find it`;
}

/** Fails as 403 when an amended input is about a tenant elsewhere, as `InvalidInput` when it cannot be read. */
export async function checkAmendment(parts: TreeParts, key: ApiKey, id: string, input: unknown): Promise<void> {
  const part = partOf(parts, key);
  if (part === undefined) return;
  const entry = findOperation((await describeIfThere(parts.client, id))?.type ?? '');
  const reading = entry.read(input, { hasBegun: true });
  const { order } = reading.ok ? reading : readOrder(entry, input);
  const named = tenantOfOrder(entry.name, order);
  const spot = named && { cloud: cloudOf(order), tenant: named.tenant };
  if (spot !== undefined && (await part.placeOf(spot)) !== undefined) return;
  throw part.forbidden('the amended input names none of these');
}

/**
 * A run that makes a tenant finds what earlier runs of its key have made, wherever that is. Any other run only joins the open
 * one.
 */
async function checkRunsOfKey(parts: TreeParts, part: PartOfTree, { operation, input }: Order): Promise<void> {
  const entry = findOperation(operation);
  const read = readOrder(entry, input);
  const { order, key } = read;
  const last = await describeIfThere(parts.client, workflowId(entry.name, order.cloud, key));
  const others = entry.alsoMadeBy?.(order);
  const isOpen = last?.status.name === 'RUNNING' || last?.status.name === 'PAUSED';
  const own = last !== undefined && (isOpen || others !== undefined) ? [toListedRun(last)] : [];
  const earlier = others === undefined ? [] : await runsOf(parts, idsOf(read, [entry.name, ...others]));
  const runs = [...own, ...earlier];
  if ((await part.runsIn(runs)).length < runs.length) throw taken(part);
}

/** Every id that runs of this key may have. */
function idsOf({ order: { cloud }, key }: ReturnType<typeof readOrder>, names: readonly string[]): string[] {
  return [key, key.normalize('NFD')].flatMap((text) =>
    names.flatMap((name) => [workflowId(name, cloud, text), `${name}:${cloud ?? DEFAULT_CLOUD}:${text}`]),
  );
}

async function runsOf({ client }: TreeParts, ids: readonly string[]) {
  const runs = [];
  for await (const run of listRuns(client, `WorkflowId IN (${ids.map(quoted).join(', ')})`))
    runs.push(toListedRun(run));
  return runs;
}

function taken(part: PartOfTree) {
  return part.forbidden('a run that this key may not see has the same business key; give another externalRef');
}
