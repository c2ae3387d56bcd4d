import { Context } from '@temporalio/activity';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { catalogue } from '../catalogue/index.js';
import { differences } from '../contract/differences.js';
import type {
  EarlierRuns,
  EarlierSpec,
  KnownUser,
  OrderedTenant,
  RunOfKey,
  SameCompleted,
} from '../contract/earlier-runs.js';
import type { Person } from '../contract/orders.js';
import { DEFAULT_CLOUD, workflowId } from '../contract/ids.js';
import { acronisTenantId } from '../contract/search-attributes.js';
import type { StepStatus } from '../contract/status.js';
import { listRuns } from '../vault/list-runs.js';
import { PROVISION_PARTNER } from '../workflows/provision-partner/contract.js';
import { isTemporalError, readOnce, type ReadRun } from './read-run.js';
import { traces } from './traces-of-runs.js';

const DEADLINE_MS = 3000;
const MOST_RUNS = 100;
/** So many of the newest runs are read, and as many of the oldest: one of those has made the tenant. */
const READ_AT_EACH_END = 3;

/** Fields that only say how a run works, or follow from others. */
const notOrdered = ['cloud', 'externalRef', 'onFailure', 'decisionDeadline', 'then', 'confirm'];

const CONSOLE = 'only the management console';

/** Which operation changes which field of an existing customer or partner. */
const changedBy: readonly [path: RegExp, operation: string, ofPartners?: string][] = [
  [/^(administrator|user|role)\b/, 'addUser'],
  [/^editions?$/, 'switchEdition', 'updatePartners'],
  [/^customer\.(name|language|contact)\b/, 'updateContact'],
  [/^customer\.managedByProvider$/, 'limitAdministratorAccess or allowAdministratorAccess'],
  [/^protect\b/, 'protectCustomer'],
  [/^billingMode$/, 'switchToProduction'],
  [/^(offeringItems|quotas)\b/, 'changeEntitlement', CONSOLE],
];

export function createEarlierRunActivities() {
  return {
    /**
     * Reads what Temporal knows about earlier runs of a business key. Calls no cloud. Answers `unknown` when Temporal's
     * search is not available. Fails when it cannot read the history of a run that the search found; Temporal then
     * tries again. Safe to repeat.
     */
    earlierRuns: async (spec: EarlierSpec): Promise<EarlierRuns> => {
      const { client, info } = Context.current();
      return await earlierRunsOf(client, spec, [info.workflowExecution?.runId, spec.mark.runId]);
    },
  };
}

/** The same with any client; `own` are the run ids of the run that asks. */
export async function earlierRunsOf(
  client: Client,
  spec: EarlierSpec,
  own: readonly (string | undefined)[],
): Promise<EarlierRuns> {
  return await client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const found = await unlessUnsearchable(() => listed(client, idsOf(spec)));
    if (found === undefined) return { known: 'unknown', tenants: [], parents: [] };
    const runs = found.filter(({ runId }) => !own.includes(runId));
    // this run before a reset has made what this run finds, too
    const others = found.filter(({ runId }) => runId !== own[0]);
    const read = readOnce(client);
    const [completed, runsOfKey, users] = await Promise.all([
      completedBefore(read, runs, spec),
      whatRunsHad(read, others),
      usersOfRuns(read, others, personIn(spec.order)),
    ]);
    return {
      ...traces(runs),
      ...completed,
      ...(runsOfKey.length === 0 ? {} : { runs: runsOfKey }),
      ...(users.length === 0 ? {} : { users }),
    };
  });
}

/** The result of a search; undefined when Temporal does not answer it. */
export async function unlessUnsearchable<T>(search: () => Promise<T>): Promise<T | undefined> {
  try {
    return await search();
  } catch (error) {
    if (!isTemporalError(error)) throw error;
    return undefined;
  }
}

/**
 * The workflow ids of the key, with the cloud, and without it where it may be left out. Older releases took a key as it
 * was spelled.
 */
function idsOf({ cloud, mark, operation, others }: EarlierSpec): string[] {
  const names = [operation, ...others];
  const keys = new Set([mark.key, mark.key.normalize('NFD')]);
  return [...keys].flatMap((key) => {
    const own = names.map((name) => workflowId(name, cloud, key));
    return cloud === DEFAULT_CLOUD ? [...own, ...names.map((name) => `${name}:${cloud}:${key}`)] : own;
  });
}

async function listed(client: Client, ids: readonly string[]): Promise<WorkflowExecutionInfo[]> {
  const quoted = ids.map((id) => `'${escapeQuotes(id)}'`);
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of listRuns(client, `WorkflowId IN (${quoted.join(', ')})`)) {
    runs.push(run);
    if (runs.length === MOST_RUNS) break;
  }
  return runs;
}

/** Escapes a text for a quoted value in a search of Temporal. */
export function escapeQuotes(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}

/** How the order of the newest completed run differs, or what it has made. An unreadable order counts as equal. */
async function completedBefore(
  read: ReadRun,
  runs: readonly WorkflowExecutionInfo[],
  { operation, order }: EarlierSpec,
): Promise<Pick<EarlierRuns, 'completed' | 'same'>> {
  const ended = runs.filter(({ type, status }) => type === operation && status.name === 'COMPLETED');
  const newest = ended.sort((a, b) => (b.closeTime?.getTime() ?? 0) - (a.closeTime?.getTime() ?? 0))[0];
  if (newest === undefined) return {};
  const { workflowId } = newest;
  const { inputs, result } = await read(newest);
  const readings = inputs.map((input) => {
    const reading = catalogue[operation]?.read(input, { hasBegun: true });
    return reading?.ok ? otherThan(reading.order, order, operation === PROVISION_PARTNER) : undefined;
  });
  // the last amendment says what it has made
  const same = readings.at(-1)?.length === 0 ? madeBy(workflowId, result) : undefined;
  // an amended run has completed both orders: the first and the amended one
  const readable = readings.filter((reading) => reading !== undefined);
  const differing = readable.sort((a, b) => a.length - b.length)[0] ?? [];
  return differing.length === 0 ? { ...(same && { same }) } : { completed: { workflowId, differing } };
}

/** What a run has made, by its result; undefined when the result names no user. */
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
    const by = (partner ? other : one) ?? CONSOLE;
    return `${path} was ${was} and is ${is} (${by} changes it)`;
  });
}

/** Which tenant each run had; of some of them also how they were ordered. An unreadable order is left out. */
async function whatRunsHad(read: ReadRun, runs: readonly WorkflowExecutionInfo[]): Promise<RunOfKey[]> {
  const known = await Promise.all(
    runs.map(async (run, at) => {
      const { inputs } = isAtAnEnd(runs, at) ? await read(run) : { inputs: [] };
      const ordered = inputs.flatMap((input) => orderedTenant(run.type, input) ?? []);
      const tenantId = run.typedSearchAttributes.get(acronisTenantId);
      return {
        runId: run.raw?.firstRunId || run.runId,
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(ordered.length === 0 ? {} : { ordered }),
      };
    }),
  );
  return known.filter((one) => 'tenantId' in one || 'ordered' in one);
}

function isAtAnEnd({ length }: readonly unknown[], at: number): boolean {
  return at < READ_AT_EACH_END || at >= length - READ_AT_EACH_END;
}

/** The users that the runs made or found for this person, each once. */
async function usersOfRuns(
  read: ReadRun,
  runs: readonly WorkflowExecutionInfo[],
  person: Person | undefined,
): Promise<KnownUser[]> {
  if (person === undefined) return [];
  const found = await Promise.all(
    runs
      .filter((_run, at) => isAtAnEnd(runs, at))
      .map(async (run): Promise<KnownUser[]> => {
        const { inputs, result } = await read(run);
        const { tenantId, userId } = (result ?? {}) as Partial<KnownUser>;
        const last = catalogue[run.type]?.read(inputs.at(-1), { hasBegun: true });
        const ordered = last?.ok === true ? personIn(last.order) : undefined;
        const known = tenantId !== undefined && userId !== undefined && isSamePerson(ordered, person);
        return known ? [{ workflowId: run.workflowId, tenantId, userId }] : [];
      }),
  );
  return [...new Map(found.flat().map((user) => [user.userId, user])).values()];
}

/** The user that an order names. */
function personIn(order: object): Person | undefined {
  const { administrator, user } = order as { administrator?: Person; user?: Person };
  return administrator ?? user;
}

function isSamePerson(one: Person | undefined, other: Person): boolean {
  const words = ({ login, email }: Person) => `${login.trim()} ${email}`.toLowerCase();
  return one !== undefined && words(one) === words(other);
}

function orderedTenant(operation: string, input: unknown): OrderedTenant | undefined {
  const reading = catalogue[operation]?.read(input, { hasBegun: true });
  if (reading?.ok !== true) return undefined;
  const order: object = reading.order;
  const { customer, partner } = order as { customer?: TenantInOrder; partner?: TenantInOrder };
  const made = customer ?? partner;
  if (made === undefined) return undefined;
  const { name, customerId, contact } = made;
  return { name, ...(customerId && { customerId }), ...(contact && { email: contact.email }) };
}

type TenantInOrder = Omit<OrderedTenant, 'email'> & { contact?: { email: string } };
