import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Activities } from '../../activities/index.js';
import { startSimulator, type Fixture, type Simulator } from '../../simulator/index.js';
import type { Mark } from '../../workflows/shared/mark.js';
import { activitiesFor } from './activities.js';

const nothing = () => undefined;
export const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

export const customer = { name: 'Acme', language: 'en', managedByProvider: true, enhancedSecurity: false };
export const person = { login: 'acme.admin', email: 'admin@acme.example' };

/** The activities of the product in front of an imitated vendor, without a Temporal server. */
export interface Bench {
  simulator: Simulator;
  activities: Activities;
  place: { cloud: string; mark: Mark; parentTenantId: string };
  aTenant(): Promise<string>;
  aUser(tenantId: string): Promise<string>;
}

export async function setUpBench(
  fixture: Fixture = {},
  now?: () => number,
  fetch?: typeof globalThis.fetch,
): Promise<Bench> {
  const simulator = await startSimulator({ fixture });
  const activities = activitiesFor(simulator, { timeoutMs: 500, ...(now && { now }), ...(fetch && { fetch }) });
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

/** One attempt of an activity, as the worker makes it. */
export async function attempt<S, R>(activity: (spec: S) => Promise<R>, spec: S, number = 1): Promise<R> {
  const environment = new MockActivityEnvironment({ attempt: number }, { logger: silent });
  return (await environment.run(activity as never, spec as never)) as R;
}

/** A second attempt after one that took effect, whose worker died before it could say so. */
export async function afterLostAnswer<S, R>(
  activity: (spec: S) => Promise<R>,
  spec: S,
  worker: { client?: Client; taskQueue?: string } = {},
): Promise<R> {
  const { client, taskQueue = 'test' } = worker;
  const options = { logger: silent, ...(client && { client }) };
  let memory: unknown;
  const before = new MockActivityEnvironment({ attempt: 1, taskQueue }, options);
  before.on('heartbeat', (details: unknown) => (memory = structuredClone(details)));
  await before.run(activity as never, spec as never);
  const environment = new MockActivityEnvironment({ attempt: 2, taskQueue, heartbeatDetails: memory }, options);
  return (await environment.run(activity as never, spec as never)) as R;
}

/** Attempts until one succeeds, each knowing what the one before has learnt. */
export async function until<S, R>(activity: (spec: S) => Promise<R>, spec: S): Promise<R> {
  let memory: unknown;
  for (let number = 1; ; number += 1) {
    const environment = new MockActivityEnvironment({ attempt: number, heartbeatDetails: memory }, { logger: silent });
    environment.on('heartbeat', (details: unknown) => (memory = details));
    try {
      return (await environment.run(activity as never, spec as never)) as R;
    } catch (error) {
      if ((error as { nonRetryable?: boolean }).nonRetryable !== false || number >= 6) throw error;
    }
  }
}
