import { Context } from '@temporalio/activity';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { catalogue } from '../catalogue/index.js';
import { isSameId } from '../contract/ids.js';
import { nameKey } from '../contract/names.js';
import { acronisTenantId, tenantryState } from '../contract/search-attributes.js';
import { WAITING_MEMO } from '../contract/status.js';
import type { Claim, RunRef, TurnPlace } from '../contract/turn-queue.js';
import { listRuns } from '../vault/list-runs.js';
import { IMPERSONATE_USER } from '../workflows/impersonate-user/contract.js';
import { PRODUCE_REPORT } from '../workflows/produce-report/contract.js';
import { UPDATE_PARTNER, UPDATE_PARTNERS } from '../workflows/update-partners/contract.js';
import { escapeQuotes } from './earlier-runs.js';
import { SharedSearch, type Asking } from './shared-search.js';
import { wantsNoTurn } from './turns.js';
import { readTarget, type NamedTarget } from './named-targets.js';

/** Which turn a run claims, and what is known about the tenant or the key. */
export interface ClaimSpec {
  cloud: string;
  place: TurnPlace;
  /** The first run id. */
  runId: string;
  /** In milliseconds since 1970. */
  startedAt: number;
  /** When the run asks, by Temporal's clock. */
  askedAt?: number;
  passes: boolean;
  about: About;
  /** True for a run that has given back its turns before. */
  gaveBack?: boolean;
  /** True when the queue has lost the claim. Then it may not know either which run has the turn. */
  again?: boolean;
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
const SEARCH_MS = 8000;

/** What a claim says about this run and the others. */
export type KnownRuns = Pick<Claim, 'startedAt' | 'earlier' | 'found'>;

/**
 * Finds open runs that may want the same turn and were started before this one: runs that are known to work at this
 * tenant, and runs whose tenant is not known yet and whose input may name it. A run with a start delay or a cron
 * schedule counts as started when Temporal begins it. Temporal's search can be late by about a second.
 */
export async function runsStartedBefore(client: Client, spec: ClaimSpec, self: RunRef): Promise<KnownRuns> {
  const { tenantId } = spec.about;
  // in this order: a run that learns its tenant in between is in the second list, if not in the first
  const unknown = await unknownRuns(client, spec);
  const there = await runsAt(client, tenantId);
  const all = [...there, ...unknown.filter(({ runId }) => !there.some((run) => run.runId === runId))];
  const own = all.find((run) => run.workflowId === self.workflowId && refOf(run).runId === self.runId);
  const startedAt = spec.startedAt + (own === undefined ? 0 : delayOf(own));
  const others = all.filter((run) => run.workflowId !== self.workflowId && !wantsNoTurn(run));
  // a run that is blocked at its tenant has its turn there
  const isBlockedThere = (run: WorkflowExecutionInfo) =>
    there.includes(run) && stateOf(run) === 'blocked' && !isWaiting(run);
  const mayHaveTurn = (run: WorkflowExecutionInfo) =>
    (there.includes(run) || tenantId === undefined) && stateOf(run) !== undefined && !isWaiting(run);
  const goesBefore = (run: WorkflowExecutionInfo) =>
    run.startTime.getTime() + delayOf(run) < startedAt || (spec.again === true && mayHaveTurn(run));
  const before = others.filter((run) => !isBlockedThere(run) && goesBefore(run));
  return {
    startedAt,
    earlier: await fitting(client, spec, before),
    found: others.filter(isBlockedThere).map(refOf),
  };
}

async function fitting(client: Client, spec: ClaimSpec, runs: readonly WorkflowExecutionInfo[]): Promise<RunRef[]> {
  const found: RunRef[] = [];
  for (let from = 0; from < runs.length; from += INPUTS_AT_ONCE) {
    const some = runs.slice(from, from + INPUTS_AT_ONCE);
    const fits = await Promise.all(some.map(async (run) => await mayWant(client, spec, run)));
    found.push(...some.filter((_run, at) => fits[at]).map(refOf));
  }
  return found;
}

/** The milliseconds between the start of a run and its first task. */
function delayOf({ startTime, executionTime = startTime }: WorkflowExecutionInfo): number {
  return executionTime.getTime() - startTime.getTime();
}

/** Undefined until a worker has begun the run. */
function stateOf({ typedSearchAttributes }: WorkflowExecutionInfo): string | undefined {
  return typedSearchAttributes.get(tenantryState);
}

function isWaiting({ memo }: WorkflowExecutionInfo): boolean {
  return (memo?.[WAITING_MEMO] ?? null) !== null;
}

/** The open runs whose tenant is known to be this one, paused runs too. */
async function runsAt(client: Client, tenantId: string | undefined): Promise<WorkflowExecutionInfo[]> {
  if (tenantId === undefined) return [];
  const forms = new Set([tenantId, tenantId.toLowerCase()]);
  const ids = [...forms].map((id) => `'${id}'`).join(', ');
  return await listed(client, queryOf(`CloseTime IS NULL AND ${acronisTenantId.name} IN (${ids})`));
}

function queryOf(condition: string): string {
  const types = takingTurns.map((name) => `'${name}'`).join(', ');
  // workers of another task queue claim their turns at another queue
  const taskQueue = escapeQuotes(Context.current().info.taskQueue);
  return `TaskQueue = '${taskQueue}' AND WorkflowType IN (${types}) AND ${condition}`;
}

async function listed(client: Client, query: string): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const run of listRuns(client, query)) {
    found.push(run);
    if (found.length >= RUNS_AT_MOST) break;
  }
  return found;
}

const searches = new Map<string, SharedSearch<WorkflowExecutionInfo[]>>();

/**
 * The open runs whose tenant is not known. A search that is shared may say so of a run that has learned its tenant since,
 * or has closed: the queue notices that by itself.
 */
async function unknownRuns(client: Client, asking: Asking): Promise<WorkflowExecutionInfo[]> {
  const query = queryOf(`ExecutionStatus = 'Running' AND ${acronisTenantId.name} IS NULL`);
  const shared = searches.get(query) ?? new SharedSearch();
  searches.set(query, shared);
  return await shared.find(asking, async () =>
    client.withDeadline(Date.now() + SEARCH_MS, async () => await listed(client, query)),
  );
}

async function mayWant(client: Client, spec: ClaimSpec, run: WorkflowExecutionInfo): Promise<boolean> {
  const known = run.typedSearchAttributes.get(acronisTenantId);
  if (known !== undefined) return isSameId(known, spec.about.tenantId);
  // our children always have their tenant
  if (run.type === UPDATE_PARTNER) return false;
  const target = await readTarget(client, run);
  return target !== undefined && fits(spec, target);
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
  return typeof wanted === 'string' && known !== undefined && nameKey(wanted) === nameKey(known);
}

function refOf({ workflowId, runId, raw }: WorkflowExecutionInfo): RunRef {
  return { workflowId, runId: raw.firstRunId || runId };
}
