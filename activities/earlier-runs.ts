import { Context } from '@temporalio/activity';
import { isGrpcServiceError, ServiceError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { catalogue } from '../catalogue/index.js';
import { PROVISION_PARTNER } from '../workflows/provision-partner/contract.js';
import type { Choice } from '../contract/decisions.js';
import { differences } from '../contract/differences.js';
import type { EarlierRuns, EarlierSpec, SameCompleted } from '../contract/earlier-runs.js';
import { DEFAULT_CLOUD, workflowId } from '../contract/ids.js';
import { acronisPartnerId, acronisTenantId } from '../contract/search-attributes.js';
import { listRuns } from '../vault/list-runs.js';
import type { StepStatus } from '../contract/status.js';

const DEADLINE_MS = 3000;
/** gRPC's code for what is not found. */
const gone: readonly number[] = [5];
const MOST_RUNS = 100;
const AMEND: Choice = 'amend';

/** Fields that only say how a run goes about it, or follow from others. */
const notOrdered = ['cloud', 'externalRef', 'onFailure', 'decisionDeadline', 'then', 'confirm'];

/** Which operation changes what of a customer or partner that is there. */
const changedBy: readonly [path: RegExp, operation: string, ofPartners?: string][] = [
  [/^(administrator|user|role)\b/, 'addUser'],
  [/^editions?$/, 'switchEdition', 'updatePartners'],
  [/^customer\.managedByProvider$/, 'limitAdministratorAccess or allowAdministratorAccess'],
  [/^billingMode$/, 'switchToProduction'],
];

export function createEarlierRunActivities() {
  return {
    /**
     * What Temporal knows of earlier runs of a business key. Calls no cloud. Never fails for want of Temporal's search: then it says that it does
     * not know. Fails when the history of a run that the search names does not come, so that it is asked again. Safe to repeat.
     */
    earlierRuns: async (spec: EarlierSpec): Promise<EarlierRuns> => {
      const { client, info } = Context.current();
      return await earlierRunsOf(client, spec, [info.workflowExecution?.runId, spec.mark.runId]);
    },
  };
}

/** The same for anybody who has a client; `own` are the ids of the run that asks. */
export async function earlierRunsOf(
  client: Client,
  spec: EarlierSpec,
  own: readonly (string | undefined)[],
): Promise<EarlierRuns> {
  return await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const found = await unlessUnsearchable(() => listed(client, idsOf(spec)));
    if (found === undefined) return { known: 'unknown', tenants: [], parents: [] };
    const runs = found.filter(({ runId }) => !own.includes(runId));
    return { ...traces(runs), ...(await completedBefore(client, runs, spec)) };
  });
}

export async function unlessUnsearchable<T>(search: () => Promise<T>): Promise<T | undefined> {
  try {
    return await search();
  } catch (error) {
    if (!isTemporals(error)) throw error;
    return undefined;
  }
}

export function isTemporals(error: unknown): boolean {
  return isGrpcServiceError(error) || error instanceof ServiceError;
}

/** The workflow ids of the key, with the cloud and without it where it may be left out. */
function idsOf({ cloud, mark, operation, others }: EarlierSpec): string[] {
  const own = [operation, ...others].map((name) => workflowId(name, cloud, mark.key));
  return cloud === DEFAULT_CLOUD
    ? [...own, ...[operation, ...others].map((name) => `${name}:${cloud}:${mark.key}`)]
    : own;
}

async function listed(client: Client, ids: readonly string[]): Promise<WorkflowExecutionInfo[]> {
  const quoted = ids.map((id) => `'${id.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of listRuns(client, `WorkflowId IN (${quoted.join(', ')})`)) {
    runs.push(run);
    if (runs.length === MOST_RUNS) break;
  }
  return runs;
}

function traces(runs: readonly WorkflowExecutionInfo[]): EarlierRuns {
  const made = runs.flatMap(({ status, workflowId, runId, typedSearchAttributes }) => {
    const tenantId = typedSearchAttributes.get(acronisTenantId);
    return status.name === 'COMPLETED' && tenantId !== undefined ? [{ tenantId, workflowId, runId }] : [];
  });
  const all = (key: typeof acronisTenantId) => [
    ...new Set(runs.flatMap(({ typedSearchAttributes }) => typedSearchAttributes.get(key) ?? [])),
  ];
  return {
    known: runs.length === 0 ? 'none' : 'some',
    tenants: all(acronisTenantId),
    parents: all(acronisPartnerId),
    ...(made.length === 0 ? {} : { made }),
  };
}

/** How the newest run of the same operation that completed differs, or what it has made; one that cannot be read any more counts as equal. */
async function completedBefore(
  client: Client,
  runs: readonly WorkflowExecutionInfo[],
  { operation, order }: EarlierSpec,
): Promise<Pick<EarlierRuns, 'completed' | 'same'>> {
  const ended = runs.filter(({ type, status }) => type === operation && status.name === 'COMPLETED');
  const newest = ended.sort((a, b) => (b.closeTime?.getTime() ?? 0) - (a.closeTime?.getTime() ?? 0))[0];
  if (newest === undefined) return {};
  const { workflowId } = newest;
  const { inputs, result } = await toldBy(client, newest);
  const readings = inputs.map((input) => {
    const reading = catalogue[operation]?.read(input);
    return reading?.ok ? otherThan(reading.order, order, operation === PROVISION_PARTNER) : undefined;
  });
  // what it has made, it has made as it was amended last
  const same = readings.at(-1)?.length === 0 ? madeBy(workflowId, result) : undefined;
  // an order that was amended completed with both: the first one, and the one that it was amended to
  const readable = readings.filter((reading) => reading !== undefined);
  const differing = readable.sort((a, b) => a.length - b.length)[0] ?? [];
  return differing.length === 0 ? { ...(same && { same }) } : { completed: { workflowId, differing } };
}

/** What the result of a run says that it has made; undefined where it says of no user. */
function madeBy(workflowId: string, result: unknown): SameCompleted | undefined {
  const { tenantId, userId, steps = [] } = (result ?? {}) as Partial<SameCompleted> & { steps?: StepStatus[] };
  if (tenantId === undefined || userId === undefined) return undefined;
  const done = steps.filter(({ state }) => state === 'done' || state === 'adopted').map(({ name }) => name);
  return { workflowId, tenantId, userId, letIn: done.includes('sendActivationEmail') || done.includes('setPassword') };
}

function otherThan(there: object, here: object, partner: boolean): string[] {
  const ordered = (order: object) =>
    Object.fromEntries(Object.entries(order).filter(([field]) => !notOrdered.includes(field)));
  return differences(ordered(there), ordered(here)).map(({ path, there: was, here: is }) => {
    const [, one, other = one] = changedBy.find(([fits]) => fits.test(path)) ?? [];
    const by = partner ? other : one;
    return `${path} was ${was} and is ${is}${by === undefined ? '' : ` (${by} changes it)`}`;
  });
}

/** What a run was started with, what it was amended to, and its result. */
async function toldBy(
  client: Client,
  { workflowId, runId }: WorkflowExecutionInfo,
): Promise<{ inputs: unknown[]; result?: unknown }> {
  try {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const amended = (events ?? []).flatMap(({ eventId, workflowExecutionUpdateAcceptedEventAttributes: accepted }) => {
      const request = accepted?.acceptedRequest?.input;
      const taken = (events ?? []).some(({ workflowExecutionUpdateCompletedEventAttributes: answer }) =>
        answer?.outcome?.success ? String(answer.acceptedEventId) === String(eventId) : false,
      );
      return request?.name === AMEND && taken ? (request.args?.payloads ?? []) : [];
    });
    const first = await decoded(client, started);
    const later = await decoded(client, amended);
    const ended = events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads ?? [];
    const [result] = await decoded(client, ended).catch(() => []);
    return { inputs: [...first, ...later.map((request) => (request as { input?: unknown } | null)?.input)], result };
  } catch (error) {
    // that Temporal is slow says nothing of the run
    if (isTemporals(error) && !(isGrpcServiceError(error) && gone.includes(error.code))) throw error;
    // archived, or written with keys that this worker does not have
    return { inputs: [] };
  }
}

export async function decoded(client: Client, payloads: readonly Payload[]): Promise<unknown[]> {
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let plain = [...payloads];
  for (const codec of payloadCodecs.toReversed()) plain = await codec.decode(plain);
  return plain.map((payload) => payloadConverter.fromPayload(payload));
}
