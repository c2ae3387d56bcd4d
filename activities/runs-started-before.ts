import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { catalogue } from '../catalogue/index.js';
import { DEFAULT_CLOUD, isSameId } from '../contract/ids.js';
import { acronisTenantId, tenantryState } from '../contract/search-attributes.js';
import type { RunRef, TurnPlace } from '../contract/turn-queue.js';
import { startInput } from '../vault/index.js';
import { listRuns } from '../vault/list-runs.js';
import { IMPERSONATE_USER } from '../workflows/impersonate-user/contract.js';
import { PRODUCE_REPORT } from '../workflows/produce-report/contract.js';
import { UPDATE_PARTNER, UPDATE_PARTNERS } from '../workflows/update-partners/contract.js';

/** Which turn a run claims, and what is known about the tenant or the key. */
export interface ClaimSpec {
  cloud: string;
  place: TurnPlace;
  /** The first run id. */
  runId: string;
  /** In milliseconds since 1970. */
  startedAt: number;
  passes: boolean;
  about: About;
}

/** A tenant, or a key without a tenant yet. When the name is known, an absent customer id means that there is none. */
interface About {
  tenantId?: string | undefined;
  name?: string | undefined;
  customerId?: string | undefined;
  madeBy?: string | undefined;
  key?: string | undefined;
}

/** These operations take no turn. */
const withoutTurns = [IMPERSONATE_USER, PRODUCE_REPORT, UPDATE_PARTNERS];
const takingTurns = [...Object.keys(catalogue).filter((name) => !withoutTurns.includes(name)), UPDATE_PARTNER];
/** The limit of runs without a turn that are read. There are so many only after a long time without workers. */
const RUNS_AT_MOST = 10_000;
const INPUTS_AT_ONCE = 20;
const INPUTS_KEPT = 10_000;

/**
 * Finds open runs that were started before this one and may want the same turn: runs that are known to work at this
 * tenant, and runs whose tenant is not known yet and whose input may name it. Temporal's search can be late by about a
 * second.
 */
export async function runsStartedBefore(client: Client, spec: ClaimSpec, self: RunRef): Promise<RunRef[]> {
  const { tenantId } = spec.about;
  const [there, unknown] = await Promise.all([
    tenantId === undefined ? [] : runsOf(client, atTenant(tenantId)),
    unknownRuns(client, spec.startedAt),
  ]);
  const isNew = (run: WorkflowExecutionInfo) =>
    tenantId !== undefined || run.typedSearchAttributes.get(tenantryState) === undefined;
  const found = [...there, ...unknown.filter(isNew)].filter(
    (run) => run.workflowId !== self.workflowId && run.startTime.getTime() < spec.startedAt,
  );
  const fitting: RunRef[] = [];
  for (let from = 0; from < found.length; from += INPUTS_AT_ONCE) {
    const some = found.slice(from, from + INPUTS_AT_ONCE);
    const fits = await Promise.all(some.map(async (run) => await mayWant(client, spec, run)));
    fitting.push(...some.filter((_run, at) => fits[at]).map(refOf));
  }
  return fitting;
}

function atTenant(tenantId: string): string {
  const forms = new Set([tenantId, tenantId.toLowerCase()]);
  return `${acronisTenantId.name} IN (${[...forms].map((id) => `'${id}'`).join(', ')})`;
}

async function runsOf(client: Client, condition: string): Promise<WorkflowExecutionInfo[]> {
  const types = takingTurns.map((name) => `'${name}'`).join(', ');
  const query = `ExecutionStatus = 'Running' AND WorkflowType IN (${types}) AND ${condition}`;
  const found: WorkflowExecutionInfo[] = [];
  for await (const run of listRuns(client, query)) {
    found.push(run);
    if (found.length >= RUNS_AT_MOST) break;
  }
  return found;
}

/** How long a search is used for all claims. */
const FRESH_MS = 1000;
/** How much later a search must have begun than a run was started: the clocks of Temporal's servers differ. */
const CLOCKS_DIFFER_MS = 5000;

interface Search {
  /** By the monotonic clock of this process. */
  begunAt: number;
  /** When the youngest run was started for which it began, by Temporal's clock. */
  begunAfter: number;
  found: Promise<WorkflowExecutionInfo[]>;
}

let last: Search | undefined;
let next: Pick<Search, 'begunAfter' | 'found'> | undefined;

/**
 * The open runs whose tenant is not known. All claims of this worker share one search at a time: after a time without
 * workers, very many runs search at once. This worker's clock may be wrong, so it is not compared with Temporal's.
 */
async function unknownRuns(client: Client, startedAt: number): Promise<WorkflowExecutionInfo[]> {
  if (last !== undefined && last.begunAfter > startedAt + CLOCKS_DIFFER_MS && isFresh(last)) return await last.found;
  const before = last?.found.catch(() => []) ?? Promise.resolve([]);
  next ??= { begunAfter: startedAt, found: before.then(async () => await search(client)) };
  next.begunAfter = Math.max(next.begunAfter, startedAt);
  return await next.found;
}

function isFresh({ begunAt }: Search): boolean {
  return performance.now() - begunAt < FRESH_MS;
}

async function search(client: Client): Promise<WorkflowExecutionInfo[]> {
  const { begunAfter } = next!;
  next = undefined;
  last = { begunAt: performance.now(), begunAfter, found: runsOf(client, `${acronisTenantId.name} IS NULL`) };
  return await last.found;
}

async function mayWant(client: Client, spec: ClaimSpec, run: WorkflowExecutionInfo): Promise<boolean> {
  const known = run.typedSearchAttributes.get(acronisTenantId);
  if (known !== undefined) return isSameId(known, spec.about.tenantId);
  // our children always have their tenant
  if (run.type === UPDATE_PARTNER) return false;
  return fits(spec, await readTarget(client, run));
}

/** What an order names, as its operation reads it. */
interface NamedTarget {
  cloud: string;
  /** The key of a new tenant. */
  key: string | undefined;
  tenant: Named | undefined;
}

interface Named {
  id?: string;
  customerId?: string;
  name?: string;
}

/** An input that cannot be read will be refused soon; until then it may mean what it seems to name. */
function targetIn(type: string, input: unknown): NamedTarget {
  const reading = catalogue[type]?.read(input, { hasBegun: true });
  const read = reading?.ok === true;
  const order = (read ? reading.order : (input ?? {})) as Record<string, unknown>;
  const made = order['customer'] ?? order['partner'];
  return {
    cloud: (order['cloud'] as string | undefined) ?? DEFAULT_CLOUD,
    key: read && made !== undefined ? reading.key : undefined,
    tenant: (order['tenant'] ?? made) as Named | undefined,
  };
}

/** False only when the order is certainly for another tenant. */
function fits({ cloud, about }: ClaimSpec, target: NamedTarget): boolean {
  if (target.cloud !== cloud) return false;
  if (about.key !== undefined) return target.key === about.key;
  if (target.tenant === undefined) return true;
  const { id, customerId, name } = target.tenant;
  if (id !== undefined) return typeof id === 'string' && isSameId(id.trim(), about.tenantId);
  // when only the id of the tenant is known, any name may fit
  if (about.name === undefined) return true;
  return same(customerId, about.customerId) || same(name, about.name);
}

function same(wanted: unknown, known: string | undefined): boolean {
  return typeof wanted === 'string' && wanted.trim() === known?.trim();
}

/** Read once for all claims of this worker: the input of a run never changes. */
const targets = new Map<string, Promise<NamedTarget>>();

async function readTarget(client: Client, run: WorkflowExecutionInfo): Promise<NamedTarget> {
  const known = targets.get(run.runId);
  if (known !== undefined) return await known;
  if (targets.size >= INPUTS_KEPT) targets.delete(targets.keys().next().value!);
  const reading = startInput(client, run.workflowId, run.runId).then((input) => targetIn(run.type, input));
  targets.set(run.runId, reading);
  reading.catch(() => targets.delete(run.runId));
  return await reading;
}

function refOf({ workflowId, runId, raw }: WorkflowExecutionInfo): RunRef {
  return { workflowId, runId: raw.firstRunId || runId };
}
