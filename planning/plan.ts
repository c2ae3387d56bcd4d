import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import { NO_EARLIER_RUNS, NO_EARLIER_RUNS_FOR_USER } from '../contract/earlier-runs.js';
import { workflowId } from '../contract/ids.js';
import { cloudOf } from '../catalogue/input.js';
import type { EveryOrder } from '../contract/orders.js';
import { REVISION } from '../contract/revision.js';
import { definitions } from './definitions.js';
import { credentialsRefused, TenantryError } from '../contract/errors.js';
import { FailureType } from '../contract/failures.js';
import { findOperation } from '../client/operations.js';
import type { ClientSettings } from '../settings/client.js';
import { plannerHere, type KnownPlaces, type PlanningMachine } from './machine.js';
import { withStartCheck, type EarlierRunQueries, type JoinedRun, type StartCheck } from './start-check.js';
import { Planner, type PlannedStep, type PlannedWait } from './planner.js';

/** What an operation would do now. */
export interface Plan {
  operation: string;
  /** The workflow id that its run would have. */
  id: string;
  steps: PlannedStep[];
  /** The open run that a start would join; then no step is done. */
  joins?: JoinedRun;
  cannotBeUndone: string[];
  warnings: string[];
  /** Why the cloud would refuse it; then nothing would be created. */
  refused: string[];
  /** Why its run would block; empty when it would be refused. */
  waits: PlannedWait[];
  /** Changes with the order and with what was looked up; `run --plan` requires the same value. */
  planHash: string;
}

interface PlanOptions {
  /** Environment variables with the settings of the clouds; by default those of the process. */
  environment?: NodeJS.ProcessEnv;
  /** The Temporal service to ask for open runs; optional. */
  temporal?: ClientSettings;
  /** By default only a worker can say. */
  places?: KnownPlaces;
}

/**
 * Reads Temporal and the cloud, and plans what an operation would do. Changes nothing. Fails when the cloud does not
 * answer.
 */
export async function makePlan(
  operation: string,
  input: unknown,
  { environment, temporal, places }: PlanOptions = {},
): Promise<Plan> {
  return await makePlanBy(plannerHere(environment, places), operation, input, temporal);
}

/** The same, by these activities. */
export async function makePlanBy(
  { activities, clouds }: PlanningMachine,
  operation: string,
  input: unknown,
  temporal: ClientSettings | undefined,
): Promise<Plan> {
  checkCloud(clouds, operation, input);
  if (temporal === undefined) return await planWith(activities, operation, input);
  const { order, key, cloud } = await readInput(activities, operation, input);
  const id = workflowId(operation, cloud, key);
  return await withStartCheck(
    temporal,
    findOperation(operation),
    { id, order },
    async (found) => await planGiven(found, { activities, operation, input, order, id }),
  );
}

/** An order to plan, and the activities that read the cloud. */
interface OrderToPlan {
  activities: Activities;
  operation: string;
  input: unknown;
  /** As it was read. */
  order: object;
  id: string;
}

/** Plans an operation, given what its start would find in Temporal. */
export async function planGiven(
  found: StartCheck,
  { activities, operation, input, order, id }: OrderToPlan,
): Promise<Plan> {
  const nothing = { operation, id, steps: [], cannotBeUndone: [], warnings: [], refused: [], waits: [] };
  switch (found.finds) {
    case 'nothing':
    case 'unknown': {
      const plan = await planWith(activities, operation, input, found.earlier);
      const { warning = found.earlier.failed() ? UNKNOWN_RUNS : undefined } = found;
      return warning === undefined ? plan : { ...plan, warnings: [...plan.warnings, warning] };
    }
    case 'run':
      return { ...nothing, joins: found.joins, planHash: hashOf(operation, order, found.joins) };
    case 'refusal':
      return { ...nothing, refused: [found.refused], planHash: hashOf(operation, order, found.refused) };
    default:
      return found satisfies never;
  }
}

const UNKNOWN_RUNS = 'Temporal could not say which earlier runs there are';
const UNCERTAIN =
  'an earlier run may have done this, or was ordered otherwise, and then it is refused; only Temporal knows';

const nothingKnown: EarlierRunQueries = {
  ofKey: async () => NO_EARLIER_RUNS,
  ofUser: async () => NO_EARLIER_RUNS_FOR_USER,
  failed: () => false,
};

/** Plans an operation with these activities, as if no run were open. By default there are no earlier runs. */
async function planWith(
  activities: Activities,
  operation: string,
  input: unknown,
  { ofKey, ofUser, failed }: EarlierRunQueries = nothingKnown,
): Promise<Plan> {
  const reading = await readInput(activities, operation, input);
  const { order, key, cloud } = reading;
  const { onFailure } = order as EveryOrder;
  const planner = new Planner(activities, onFailure, ofKey, ofUser);
  const { run, state } = definitions.get(operation)!;
  const mark = { environment: reading.environment, key, runId: 'planned' };
  try {
    await run(
      { order: order as never, cloud, mark, first: true, revision: REVISION, steps: planner.planned },
      state?.(),
    );
  } catch (error) {
    if (planner.refused.length + planner.waits.length === 0) throw cannotAsk(error);
  }
  const { warnings, refused, seen } = planner;
  const steps = failed() ? markUncertain(planner.steps) : planner.steps;
  const waits = refused.length === 0 ? planner.waits : [];
  const cannotBeUndone = steps.flatMap(({ step, irreversible }) =>
    irreversible === undefined ? [] : [`${step}: ${irreversible}`],
  );
  // sorted, because parallel branches end in any order
  const planHash = hashOf(operation, order, ...[seen, steps, refused, waits].map(sorted));
  const id = workflowId(operation, cloud, key);
  return { operation, id, steps, cannotBeUndone, warnings, refused, waits, planHash };
}

/** What exists already was made by an earlier run. Only Temporal knows what that run was ordered, and has done. */
function markUncertain(steps: readonly PlannedStep[]): PlannedStep[] {
  if (steps.every(({ state }) => state !== 'already done')) return [...steps];
  return steps.map((step) => (step.state === 'would do' ? { ...step, uncertain: UNCERTAIN } : step));
}

function sorted(all: readonly unknown[]): string[] {
  return all.map((one) => JSON.stringify(one)).toSorted();
}

function hashOf(...all: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}

/** Refuses an unknown cloud. An invalid input is refused later, with all its problems. */
function checkCloud(clouds: readonly string[], operation: string, input: unknown): void {
  const reading = findOperation(operation).read(input);
  const cloud = reading.ok ? cloudOf(reading.order) : undefined;
  if (cloud === undefined || clouds.includes(cloud)) return;
  const remedy = `Name one of them in the order, or add ${JSON.stringify(cloud)} to the file TENANTRY_CLOUDS.`;
  throw new TenantryError(
    'refused',
    `The input of ${operation} is refused: cloud: no cloud ${JSON.stringify(cloud)} is configured here, ` +
      `only ${clouds.join(', ')}. ${remedy}`,
  );
}

async function readInput(activities: Activities, operation: string, input: unknown) {
  const reading = await activities.readInput({ operation, input });
  if (reading.ok) return reading;
  throw new TenantryError('refused', `The input of ${operation} is refused: ${reading.message}`);
}

function cannotAsk(error: unknown): unknown {
  if (!(error instanceof ApplicationFailure)) return error;
  if (error.type === FailureType.Credentials) return credentialsRefused(error.message);
  return new TenantryError('unavailable', `The cloud cannot be asked just now: ${error.message}.`, {
    ...(error.type && { type: error.type }),
    remedies: [{ do: 'checkClouds' }],
  });
}
