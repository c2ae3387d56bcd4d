import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { CallBucket } from '../acronis/index.js';
import {
  ASK_LEASE_SIGNAL,
  CALL_BUDGET,
  callBudgetId,
  LEASE_QUERY,
  startOfCallBudget,
  type GrantedLease,
  type LeaseAsk,
} from '../contract/call-budget.js';
import type { WorkerSettings } from '../settings/worker.js';
import { clientOptions } from '../vault/index.js';
import type { CloudClients } from './cloud-clients.js';
import { LeaseKeeper, type BudgetDoor } from './lease-keeper.js';

/** The time limit of one ask, with its answer. Two fit into a lease. */
const ASK_MS = 3000;
const MEASURE_MS = 1000;

interface Parts {
  connection: NativeConnection;
  settings: Pick<WorkerSettings, 'temporal' | 'encryption'>;
  clouds: CloudClients;
  meter: MetricMeter;
}

/**
 * Keeps the leases of this worker, one for each cloud with a budget. Nothing is asked of Temporal before the first call.
 * Gives a function that gives the leases back.
 */
export function keepCallBudgets({ connection, settings, clouds, meter }: Parts): () => Promise<void> {
  if (clouds.buckets.size === 0) return async () => undefined;
  const { temporal, encryption } = settings;
  const client = new Client({ connection, namespace: temporal.namespace, ...clientOptions(encryption.keys) });
  const worker = `${hostname().slice(0, 100)}/${process.pid}/${randomUUID()}`;
  const keepers = [...clouds.buckets].map(([cloud, bucket]) => {
    const door = doorTo(client, cloud, temporal.taskQueue);
    const callsPerSecond = clouds.settingsOf(cloud).callsPerSecond!;
    const keeper = new LeaseKeeper({ worker, callsPerSecond, bucket, door, now: () => performance.now() });
    return { cloud, callsPerSecond, bucket, keeper };
  });
  const stopMeasuring = measure(keepers, meter);
  return async () => {
    stopMeasuring();
    await Promise.all(keepers.map(async ({ keeper }) => await keeper.close()));
  };
}

/** The workflow that divides the budget of a cloud. It is started by the first ask. */
export function doorTo(client: Client, cloud: string, taskQueue: string): BudgetDoor {
  return {
    ask: async (ask) =>
      await client.withDeadline(Date.now() + ASK_MS, async () => {
        await client.workflow.signalWithStart(CALL_BUDGET, {
          ...startOfCallBudget(cloud, taskQueue),
          signal: ASK_LEASE_SIGNAL,
          signalArgs: [ask] satisfies [LeaseAsk],
        });
        if (ask.urgent + ask.bulk === 0) return null;
        const handle = client.workflow.getHandle(callBudgetId(cloud));
        return await handle.query<GrantedLease | null, [string]>(LEASE_QUERY, ask.worker);
      }),
  };
}

interface Kept {
  cloud: string;
  /** As it was when the worker started. */
  callsPerSecond: number;
  bucket: CallBucket;
  keeper: LeaseKeeper;
}

function measure(keepers: readonly Kept[], meter: MetricMeter): () => void {
  const budget = meter.createGauge('tenantry_call_budget', 'float', undefined, 'Calls per second of all workers');
  const lease = meter.createGauge('tenantry_call_lease', 'float', undefined, 'Calls per second of this worker now');
  const waiting = meter.createGauge('tenantry_calls_waiting', 'int', undefined, 'Calls that wait for the budget');
  const timer = setInterval(() => {
    for (const { cloud, callsPerSecond, bucket, keeper } of keepers) {
      budget.set(callsPerSecond, { cloud });
      lease.set(keeper.leased, { cloud });
      const counts = bucket.waiting();
      for (const kind of ['urgent', 'bulk'] as const) waiting.set(counts[kind], { cloud, class: kind });
    }
  }, MEASURE_MS).unref();
  return () => clearInterval(timer);
}
