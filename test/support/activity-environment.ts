import type { Info as ActivityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { defaultDataConverter } from '@temporalio/common/lib/converter/data-converter.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Activities } from '../../activities/index.js';
import { startSimulator, type Fixture, type Simulator } from '../../simulator/index.js';
import type { Mark } from '../../contract/mark.js';
import { activitiesFor } from './activities.js';

const nothing = () => undefined;
export const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

export const customer = { name: 'Acme', language: 'en', managedByProvider: true, enhancedSecurity: false };
export const person = { login: 'acme.admin', email: 'admin@acme.example' };

/** The product's activities, connected to a simulator, without a Temporal server. */
export interface ActivityEnvironment {
  simulator: Simulator;
  activities: Activities;
  place: { cloud: string; mark: Mark; parentTenantId: string };
  aTenant(): Promise<string>;
  aUser(tenantId: string): Promise<string>;
}

export async function startActivityEnvironment(
  fixture: Fixture = {},
  now?: () => number,
  fetch?: typeof globalThis.fetch,
): Promise<ActivityEnvironment> {
  const simulator = await startSimulator({ fixture });
  const activities = activitiesFor(simulator, { timeoutMs: 2000, ...(now && { now }), ...(fetch && { fetch }) });
  const mark = { environment: 'test', key: 'acme', runId: 'run-1' };
  const place = { cloud: 'default', mark, parentTenantId: simulator.rootTenantId };
  return {
    simulator,
    activities,
    place,
    aTenant: async () =>
      (await attempt(activities.ensureCustomerTenant, { ...place, customer, look: false })).result.tenantId,
    aUser: async (tenantId) => {
      const spec = { cloud: 'default', tenantId, person, language: 'en', look: false };
      return (await attempt(activities.ensureUser, spec)).result.userId;
    },
  };
}

/** Runs one attempt of an activity, as a worker does. */
export async function attempt<S, R>(
  activity: (spec: S) => Promise<R>,
  spec: S,
  number = 1,
  times: Partial<Pick<ActivityInfo, 'scheduledTimestampMs' | 'currentAttemptScheduledTimestampMs'>> = {},
): Promise<R> {
  const { environment } = attemptAs({ attempt: number, ...times });
  return (await environment.run(activity as never, spec as never)) as R;
}

/** Runs a second attempt after one that took effect and whose worker died before it reported the result. */
export async function afterLostAnswer<S, R>(
  activity: (spec: S) => Promise<R>,
  spec: S,
  worker: { client?: Client; taskQueue?: string } = {},
): Promise<R> {
  const { client, taskQueue = 'test' } = worker;
  const before = attemptAs({ attempt: 1, taskQueue }, client);
  await before.environment.run(activity as never, spec as never);
  const { environment } = attemptAs({ attempt: 2, taskQueue, heartbeatDetails: before.server.memory }, client);
  return (await environment.run(activity as never, spec as never)) as R;
}

/** Runs attempts until one succeeds. Each gets the heartbeat details of the one before. */
export async function untilSuccess<S, R>(activity: (spec: S) => Promise<R>, spec: S): Promise<R> {
  let heartbeatDetails: unknown;
  for (let number = 1; ; number += 1) {
    const { environment, server } = attemptAs({ attempt: number, heartbeatDetails });
    try {
      return (await environment.run(activity as never, spec as never)) as R;
    } catch (error) {
      if ((error as { nonRetryable?: boolean }).nonRetryable !== false || number >= 6) throw error;
      heartbeatDetails = server.memory;
    }
  }
}

/**
 * The environment of one attempt, with a server that stores heartbeat details and reports them. Other requests need a
 * real client.
 */
export function attemptAs(info: Partial<ActivityInfo> & { attempt: number }, client?: Client) {
  const server = { memory: info.heartbeatDetails as unknown };
  const pending = () => {
    const heartbeatDetails = { payloads: [defaultPayloadConverter.toPayload(server.memory ?? null)] };
    return { activityId: 'test', attempt: info.attempt, heartbeatDetails };
  };
  const workflow = { getHandle: () => ({ describe: async () => ({ raw: { pendingActivities: [pending()] } }) }) };
  const withAbortSignal = async (_signal: AbortSignal, act: () => Promise<unknown>) => await act();
  const options = { loadedDataConverter: defaultDataConverter };
  const alone = { workflow, options, withAbortSignal } as unknown as Client;
  const environment = new MockActivityEnvironment(
    { activityId: 'test', startToCloseTimeoutMs: 240_000, ...info },
    { logger: silent, client: client ?? alone },
  );
  environment.on('heartbeat', (details: unknown) => (server.memory = structuredClone(details)));
  return { environment, server };
}
