import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { byCustomer, factsSignal, type CustomerFacts } from '../catalogue/event-signals.js';
import type { Fact } from '../contract/facts.js';
import { FailureType } from '../contract/failures.js';
import type { ObjectChange, TruthReport } from '../contract/source-objects.js';
import type { PageReport, PageSpec } from '../contract/source-sync.js';

/** What a sender says of one object now. */
export interface Truth {
  facts: Fact[];
  /** The cloud of the customers. */
  cloud?: string | undefined;
  notices: string[];
  ignored: string[];
}

export interface ChangeOf extends ObjectChange {
  source: string;
}

/** Why the truth cannot be read now. */
export class SourceNotReadable extends Error {
  override readonly name = 'SourceNotReadable';

  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

export interface TruthDependencies {
  /** Reads the truth by the keys of this worker; rejects with `TruthUnread`. Absent when the worker has no sources. */
  readTruth?: (change: ChangeOf, signal: AbortSignal) => Promise<Truth>;
  /** What the key of a source belongs to; undefined where it does not say. */
  readAccount?: (source: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Reads one page of all subscriptions. */
  readPage?: (page: PageSpec, signal: AbortSignal) => Promise<TruthPage>;
}

/** What a sender says of the objects on one page. */
export type TruthPage = Truth & Pick<PageReport, 'listed' | 'next' | 'expired'>;

const HEARTBEAT_MS = 500;

export function createTruthActivities({ readTruth }: TruthDependencies) {
  return {
    /**
     * Reads the truth about an object that has changed, and signals it to every customer whose it is. Only reads at the
     * sender. Fails, to be tried again, while the sender does not answer, and on a worker without its key. Safe to repeat:
     * facts say how things are.
     */
    deliverTruth: async (change: ChangeOf): Promise<TruthReport> =>
      await beating(async ({ client, cancellationSignal, info }) => {
        if (readTruth === undefined) throw noSources();
        const { facts, cloud, ...report } = await readTruth(change, cancellationSignal).catch(toFailure);
        const customers = byCustomer(facts, cloud);
        await deliverAll(client, customers, info.taskQueue);
        return { customers: customers.map(({ ref }) => ref), ...report };
      }),
  };
}

/** A dead worker is noticed when its heartbeats stop. */
export async function beating<T>(act: (context: Context) => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  return await act(context).finally(() => clearInterval(timer));
}

/** Few at a time, so that Temporal has time for others. */
const AT_ONCE = 10;

/** Signals facts that a source was asked for to their customers. */
export async function deliverAll(
  client: Client,
  customers: readonly CustomerFacts[],
  taskQueue: string,
): Promise<void> {
  for (let from = 0; from < customers.length; from += AT_ONCE)
    await Promise.all(customers.slice(from, from + AT_ONCE).map(async (one) => await deliver(client, one, taskQueue)));
}

/** What has ended starts no customer: there is nothing to end for one that nobody knows. */
async function deliver(client: Client, customer: CustomerFacts, taskQueue: string): Promise<void> {
  const facts = customer.facts.map((fact): Fact => ({ ...fact, asked: true }));
  const { type, workflowId, signal, signalArgs, ...start } = factsSignal({ ...customer, facts });
  if (customer.facts.some(({ subscription }) => subscription?.state !== 'ended')) {
    await client.workflow.signalWithStart(type, { ...start, workflowId, signal, signalArgs, taskQueue });
    return;
  }
  try {
    await client.workflow.getHandle(workflowId).signal(signal, ...signalArgs);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

export function toFailure(error: unknown): never {
  if (error instanceof SourceNotReadable) throw unread(error.message, error.retryAfterMs);
  throw error;
}

export function noSources(): ApplicationFailure {
  return unread('This worker has no TENANTRY_SOURCES: set it, or start a worker that has it');
}

function unread(message: string, retryAfterMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: FailureType.Sender,
    message,
    ...(retryAfterMs !== undefined && { nextRetryDelay: retryAfterMs }),
  });
}
