import type { Client } from '@temporalio/client';
import type { Choice, Decision } from '../contract/decisions.js';
import { TenantryError } from '../contract/errors.js';
import { tenantryReason, tenantryState, tenantryStep } from '../contract/search-attributes.js';
import { hasEnded, type Blocked } from '../contract/status.js';
import { describeRun, listRuns } from '../vault/list-runs.js';
import { productCondition, quoted } from './list-filter.js';
import { toListedRun, type ListedRun } from './list.js';
import { explainServiceError } from './service-errors.js';
import { operationStatus } from './status.js';

/** Why runs are blocked: the type of the failure, and the step. */
export type Cause = Pick<Blocked, 'step' | 'type'>;

/** A run as it was chosen; under its id another one may have begun since. */
export type ChosenRun = Pick<ListedRun, 'id' | 'runId'>;

/** What a person can choose for many runs at once. An amended input fits one run only. */
export const choicesForAll = ['retry', 'skip', 'abort'] as const satisfies readonly Choice[];
export type ChoiceForAll = (typeof choicesForAll)[number];

/**
 * What became of one run: `decided`; `refused` by the run; `ended` before the decision; `changed`: it is not blocked, or
 * for another cause; `unknown`: it has got the decision and has not answered; `notAsked`: it was not sent, because no worker
 * answers.
 */
export const causeOutcomes = ['decided', 'refused', 'ended', 'changed', 'unknown', 'notAsked'] as const;
export interface OutcomeOfRun {
  id: string;
  outcome: (typeof causeOutcomes)[number];
  /** In one sentence. */
  message: string;
}

export interface CauseOrder {
  cause: Cause;
  runs: readonly ChosenRun[];
  /** Decides only for runs of these operations; for all without it. */
  operations?: readonly string[] | undefined;
  /** Whether whoever decides may see this run; all without it. */
  maySee?: ((id: string) => Promise<boolean>) | undefined;
  taskQueue: string;
  /** Takes the decision for one run, as `decide` does. */
  decideFor(id: string): Promise<Pick<Decision, 'choice' | 'step'>>;
}

/** No more runs are decided with one decision. */
export const MOST_DECIDED = 500;
const AT_ONCE = 10;

/** The runs that are blocked for this cause, the oldest first, as Temporal's search shows them. Changes nothing. */
export async function runsBlockedFor(
  client: Client,
  { type, step }: Cause,
  operations?: readonly string[],
): Promise<ListedRun[]> {
  const query = [
    productCondition(),
    `ExecutionStatus = 'Running'`,
    `${tenantryState.name} = 'blocked'`,
    `${tenantryReason.name} = ${quoted(type)}`,
    `${tenantryStep.name} = ${quoted(step)}`,
  ].join(' AND ');
  const runs: ListedRun[] = [];
  for await (const run of listRuns(client, query))
    if (operations?.includes(run.type) ?? true) runs.push(toListedRun(run));
  return runs.toReversed();
}

/**
 * Decides for each of these runs that is blocked for this cause at that moment, and for no other, a few at a time. Gives
 * what became of each, in order. Ends early when no worker answers. Never fails because of one run.
 */
export async function* decideForAll(client: Client, order: CauseOrder): AsyncGenerator<OutcomeOfRun, void> {
  const { runs } = order;
  let isSilent = false;
  for (let from = 0; from < runs.length; from += AT_ONCE) {
    const batch = runs.slice(from, from + AT_ONCE);
    const outcomes: OutcomeOfRun[] = isSilent
      ? batch.map(({ id }) => notAsked(id))
      : await Promise.all(batch.map(async (run) => await decideOne(client, order, run)));
    isSilent ||= outcomes.every(({ outcome }) => outcome === 'unknown' || outcome === 'notAsked');
    yield* outcomes;
  }
}

function notAsked(id: string): OutcomeOfRun {
  return { id, outcome: 'notAsked', message: 'the runs before it have not answered, so it was not asked' };
}

async function decideOne(client: Client, order: CauseOrder, run: ChosenRun): Promise<OutcomeOfRun> {
  const { id } = run;
  try {
    const change = await changeSince(client, order, run);
    if (change !== undefined) return { id, ...change };
  } catch (error) {
    return { id, ...(await failureOf(client, id, error as Error, 'notAsked')) };
  }
  try {
    const { choice, step } = await order.decideFor(id);
    return { id, outcome: 'decided', message: `${choice} accepted for ${step}` };
  } catch (error) {
    return { id, ...(await failureOf(client, id, error as Error, 'unknown')) };
  }
}

type Outcome = Omit<OutcomeOfRun, 'id'>;

/** Why nobody may decide for the run any more; undefined when somebody may. */
async function changeSince(
  client: Client,
  { cause, operations, maySee, taskQueue }: CauseOrder,
  { id, runId }: ChosenRun,
): Promise<Outcome | undefined> {
  if (maySee !== undefined && !(await maySee(id))) return { outcome: 'refused', message: 'there is no such run' };
  const run = await describeRun(client, id);
  if (!(operations?.includes(run.type) ?? true))
    return { outcome: 'refused', message: `${run.type} is not among ${operations!.join(', ')}` };
  if (run.runId !== runId) return { outcome: 'ended', message: 'it has ended, and another run has begun' };
  const status = await operationStatus(client, id, taskQueue, runId);
  if (hasEnded(status)) return { outcome: 'ended', message: `it is ${status.state}` };
  if (status.state !== 'blocked') return { outcome: 'changed', message: `it is ${status.state}, and waits for nobody` };
  const { step, type, message } = status.blocked;
  if (type === cause.type && step === cause.step) return undefined;
  return { outcome: 'changed', message: `it is blocked at ${step} now: ${type}: ${message}` };
}

/** `unsaid`: the outcome where the run itself has said nothing. */
async function failureOf(client: Client, id: string, error: Error, unsaid: 'unknown' | 'notAsked'): Promise<Outcome> {
  const known = error instanceof TenantryError ? error : explainServiceError('decide', error);
  const { kind, message } = known ?? { message: error.message };
  if (kind !== 'refused' && kind !== 'notFound') return { outcome: unsaid, message };
  const hasClosed = kind === 'notFound' || (await isClosed(client, id));
  return { outcome: hasClosed ? 'ended' : 'refused', message };
}

async function isClosed(client: Client, id: string): Promise<boolean> {
  return await describeRun(client, id).then(
    ({ status }) => status.name !== 'RUNNING',
    () => false,
  );
}
