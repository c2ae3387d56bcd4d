import { loadClouds } from '../settings/client.js';
import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { createActivities, type Activities } from '../activities/index.js';
import { createCloudClients } from '../acronis/index.js';
import { version } from '../settings/version.js';
import { NONE, NOTHING_FOR_USER } from '../contract/earlier-runs.js';
import { workflowId } from '../contract/ids.js';
import { cloudOf } from '../catalogue/input.js';
import type { EveryOrder } from '../contract/orders.js';
import { REVISION } from '../contract/revision.js';
import { definitions } from './definitions.js';
import { TenantryError } from '../contract/errors.js';
import { findOperation } from '../client/operations.js';
import type { ClientSettings } from '../settings/client.js';
import { askTemporal, type EarlierLooks, type Joined } from './standing.js';
import { Planner, type PlannedStep, type Waits } from './planner.js';

/** What an operation would do now. */
export interface Plan {
  operation: string;
  /** The workflow id that its run would have. */
  id: string;
  steps: PlannedStep[];
  /** The run that would be joined; then no step would be repeated. */
  joins?: Joined;
  cannotBeUndone: string[];
  warnings: string[];
  /** Why the cloud would refuse it; then nothing would be made. */
  refused: string[];
  /** Why its run would wait for a person, as the order asks; none when it would be refused. */
  waits: Waits[];
  /** Equal as long as order and world are: `run --plan` insists on it. */
  planHash: string;
}

interface Where {
  /** The clouds, as a worker has them configured; the process's own unless given. */
  environment?: NodeJS.ProcessEnv;
  /** The Temporal service that would run it; not asked unless given. */
  temporal?: ClientSettings;
}

/** Looks at Temporal and the cloud, with reading calls only, and says what an operation would do. Fails when the cloud cannot be asked. */
export async function makePlan(
  operation: string,
  input: unknown,
  { environment, temporal }: Where = {},
): Promise<Plan> {
  const { activities, clouds } = activitiesHere(environment);
  checkCloud(clouds, operation, input);
  if (temporal === undefined) return await planWith(activities, operation, input);
  const { order, key, cloud } = await readHere(activities, operation, input);
  const id = workflowId(operation, cloud, key);
  return await askTemporal(temporal, findOperation(operation), { id, order }, async (met) => {
    const nothing = { operation, id, steps: [], cannotBeUndone: [], warnings: [], refused: [], waits: [] };
    switch (met.meets) {
      case 'nothing':
        return await planWith(activities, operation, input, met.earlier);
      case 'unknown': {
        const plan = await planWith(activities, operation, input);
        return { ...plan, warnings: [...plan.warnings, met.warning] };
      }
      case 'run':
        return { ...nothing, joins: met.joins, planHash: hashOf(operation, order, met.joins) };
      case 'refusal':
        return { ...nothing, refused: [met.refused], planHash: hashOf(operation, order, met.refused) };
      default:
        return met satisfies never;
    }
  });
}

const nothingKnown: EarlierLooks = { of: async () => NONE, forUser: async () => NOTHING_FOR_USER };

/** What these activities would do for a run of its own; without `earlier` nothing is known of earlier runs of its key. */
export async function planWith(
  activities: Activities,
  operation: string,
  input: unknown,
  { of, forUser }: EarlierLooks = nothingKnown,
): Promise<Plan> {
  const reading = await readHere(activities, operation, input);
  const { order, key, cloud } = reading;
  const { onFailure } = order as EveryOrder;
  const planner = new Planner(activities, onFailure, of, forUser);
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
  const { steps, warnings, refused, seen } = planner;
  const waits = refused.length === 0 ? planner.waits : [];
  const cannotBeUndone = steps.flatMap(({ step, irreversible }) =>
    irreversible === undefined ? [] : [`${step}: ${irreversible}`],
  );
  // branches end in any order
  const planHash = hashOf(operation, order, ...[seen, steps, refused, waits].map(sorted));
  const id = workflowId(operation, cloud, key);
  return { operation, id, steps, cannotBeUndone, warnings, refused, waits, planHash };
}

function sorted(all: readonly unknown[]): string[] {
  return all.map((one) => JSON.stringify(one)).toSorted();
}

function hashOf(...all: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}

/** An input that cannot be read is refused elsewhere, with all that is wrong about it. */
function checkCloud(clouds: readonly string[], operation: string, input: unknown): void {
  const reading = findOperation(operation).read(input);
  const cloud = reading.ok ? cloudOf(reading.order) : undefined;
  if (cloud === undefined || clouds.includes(cloud)) return;
  const remedy = `Name one of them in the order, or add ${JSON.stringify(cloud)} to the file TENANTRY_CLOUDS.`;
  throw new TenantryError(
    'refused',
    `The input of ${operation} is refused: cloud: no cloud ${JSON.stringify(cloud)} is configured here, only ${clouds.join(', ')}. ${remedy}`,
  );
}

async function readHere(activities: Activities, operation: string, input: unknown) {
  const reading = await activities.readInput({ operation, input });
  if (reading.ok) return reading;
  throw new TenantryError('refused', `The input of ${operation} is refused: ${reading.message}`);
}

function activitiesHere(given?: NodeJS.ProcessEnv): { activities: Activities; clouds: string[] } {
  const { clouds: settings, environment } = loadClouds(given);
  const clouds = createCloudClients(settings, version());
  const activities = createActivities({
    cloud: (name) => clouds.get(name)!,
    secret: async () => '',
    // whether the worker has a store, and has kept a secret, is not known here, and taken for granted
    secretStore: {
      put: async () => undefined,
      read: async () => ({ value: '', assumed: true }),
      remove: async () => false,
    },
    clouds: [...clouds.keys()],
    environment,
    messengers: [],
    artefacts: { put: async () => '' },
  });
  return { activities, clouds: [...clouds.keys()] };
}

function cannotAsk(error: unknown): unknown {
  if (!(error instanceof ApplicationFailure)) return error;
  return new TenantryError('unavailable', `The cloud cannot be asked just now: ${error.message}`);
}
