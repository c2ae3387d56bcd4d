import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { catalogue } from '../catalogue/index.js';
import { IMPERSONATE_USER } from '../workflows/impersonate-user/contract.js';
import { PRODUCE_REPORT } from '../workflows/produce-report/contract.js';
import { DEFAULT_CLOUD } from '../contract/ids.js';
import { acronisTenantId, tenantryState } from '../contract/search-attributes.js';
import type { RunRef, TurnPlace } from '../contract/turn-queue.js';
import { UPDATE_PARTNER, UPDATE_PARTNERS } from '../workflows/update-partners/contract.js';
import { listRuns } from '../vault/list-runs.js';

/** Which turn a run claims, and what is known of the tenant or of the key. */
export interface ClaimSpec {
  cloud: string;
  place: TurnPlace;
  /** The run's first. */
  runId: string;
  /** In milliseconds since 1970. */
  startedAt: number;
  passes: boolean;
  about: About;
}

/** A tenant, or a key for which there may be none yet. Where the name is known, a customer id that is not there is none. */
interface About {
  tenantId?: string | undefined;
  name?: string | undefined;
  customerId?: string | undefined;
  madeBy?: string | undefined;
  key?: string | undefined;
}

/** These take no turn of their own. */
const withoutTurns = [IMPERSONATE_USER, PRODUCE_REPORT, UPDATE_PARTNERS];
const takingTurns = [...Object.keys(catalogue).filter((name) => !withoutTurns.includes(name)), UPDATE_PARTNER];
/** Of those that have not come to their turns yet: there are as many only when no worker was up for long. */
const RUNS_AT_MOST = 10_000;
const INPUTS_AT_ONCE = 20;
const INPUTS_KEPT = 10_000;

/**
 * Open runs that were started before this one and may want the same turn: those that are known to work at this tenant, and, of those that have
 * not come so far that anybody can know, those whose input may name it. Temporal's search can be late by about a second.
 */
export async function runsStartedBefore(client: Client, spec: ClaimSpec, self: RunRef): Promise<RunRef[]> {
  const { tenantId } = spec.about;
  const [there, unknown] = await Promise.all([
    tenantId === undefined ? [] : runsOf(client, atTenant(tenantId)),
    unknownRuns(client, spec.startedAt),
  ]);
  const notSoFar = (run: WorkflowExecutionInfo) =>
    tenantId !== undefined || run.typedSearchAttributes.get(tenantryState) === undefined;
  const found = [...there, ...unknown.filter(notSoFar)].filter(
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

/** How long a search serves all claims of this worker, and how much later than a run it must have begun to serve that: clocks differ. */
const FRESH_MS = 1000;
const CLOCKS_DIFFER_MS = 5000;

interface Search {
  begunAt: number;
  found: Promise<WorkflowExecutionInfo[]>;
}

let last: Search | undefined;
let next: Promise<WorkflowExecutionInfo[]> | undefined;

/**
 * The open runs of which nobody knows their tenant. One search at a time serves all claims of this worker: after all workers were down, as many
 * runs as there are look for as many others at once.
 */
async function unknownRuns(client: Client, startedAt: number): Promise<WorkflowExecutionInfo[]> {
  const now = Date.now();
  if (last !== undefined && last.begunAt > Math.max(startedAt + CLOCKS_DIFFER_MS, now - FRESH_MS))
    return await last.found;
  const before = last?.found.catch(() => []) ?? Promise.resolve([]);
  next ??= before.then(async () => {
    next = undefined;
    last = { begunAt: Date.now(), found: runsOf(client, `${acronisTenantId.name} IS NULL`) };
    return await last.found;
  });
  return await next;
}

async function mayWant(client: Client, spec: ClaimSpec, run: WorkflowExecutionInfo): Promise<boolean> {
  const known = run.typedSearchAttributes.get(acronisTenantId);
  if (known !== undefined) return sameId(known, spec.about.tenantId);
  // no child of ours is without its tenant
  if (run.type === UPDATE_PARTNER) return false;
  return fits(spec, await wishOf(client, run));
}

/** What an order names, as its operation reads it. */
interface Wish {
  cloud: string;
  /** The key of a tenant to be made. */
  key: string | undefined;
  tenant: Named | undefined;
}

interface Named {
  id?: string;
  customerId?: string;
  name?: string;
}

/** What cannot be read is refused before long; until then it may mean what it seems to name. */
function wishIn(type: string, input: unknown): Wish {
  const reading = catalogue[type]?.read(input ?? undefined);
  const read = reading?.ok === true;
  const order = (read ? reading.order : (input ?? {})) as Record<string, unknown>;
  const made = order['customer'] ?? order['partner'];
  return {
    cloud: (order['cloud'] as string | undefined) ?? DEFAULT_CLOUD,
    key: read && made !== undefined ? reading.key : undefined,
    tenant: (order['tenant'] ?? made) as Named | undefined,
  };
}

/** False only where the order is for another tenant for sure. */
function fits({ cloud, about }: ClaimSpec, wish: Wish): boolean {
  if (wish.cloud !== cloud) return false;
  if (about.key !== undefined) return wish.key === about.key;
  if (wish.tenant === undefined) return true;
  const { id, customerId, name } = wish.tenant;
  if (id !== undefined) return sameId(id, about.tenantId);
  // of a tenant of which only the id is known it may be any name
  if (about.name === undefined) return true;
  return same(customerId, about.customerId) || same(name, about.name);
}

/** An id in capitals means the same tenant. */
function sameId(one: unknown, other: string | undefined): boolean {
  return typeof one === 'string' && one.trim().toLowerCase() === other?.toLowerCase();
}

function same(wanted: unknown, known: string | undefined): boolean {
  return typeof wanted === 'string' && wanted.trim() === known?.trim();
}

/** What is read once for all claims of this worker: the input of a run never changes. */
const wishes = new Map<string, Promise<Wish>>();

async function wishOf(client: Client, run: WorkflowExecutionInfo): Promise<Wish> {
  const known = wishes.get(run.runId);
  if (known !== undefined) return await known;
  if (wishes.size >= INPUTS_KEPT) wishes.delete(wishes.keys().next().value!);
  const reading = readInput(client, run).then((input) => wishIn(run.type, input));
  wishes.set(run.runId, reading);
  reading.catch(() => wishes.delete(run.runId));
  return await reading;
}

async function readInput(client: Client, { workflowId, runId }: WorkflowExecutionInfo): Promise<unknown> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const input = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input;
  const [first] = await decodeArrayFromPayloads(client.options.loadedDataConverter, input?.payloads);
  return first;
}

function refOf({ workflowId, runId, raw }: WorkflowExecutionInfo): RunRef {
  return { workflowId, runId: raw.firstRunId || runId };
}
