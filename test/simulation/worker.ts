import { CancelledFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { Info } from '@temporalio/activity';
import type { coresdk, temporal } from '@temporalio/proto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Clock, type Lifetime } from './clock.js';
import type { Instance } from './vm.js';

export type Payload = temporal.api.common.v1.IPayload;
export type Failure = temporal.api.failure.v1.IFailure;
export type Outcome = coresdk.activity_result.IActivityResolution;
export type Activities = Record<string, (...args: never[]) => Promise<unknown>>;

const nothing = () => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** One attempt of an activity, as it runs in a worker. */
export interface Attempt {
  /** How it ended; stays pending if the worker dies first. */
  ended: Promise<Outcome>;
  cancel(): void;
}

/** A worker process. It caches runs, runs activities, and can die at any moment. */
export class SimulatedWorker {
  readonly life: Lifetime = { over: false };
  readonly instances = new Map<string, Instance>();

  private readonly activities: Activities;

  constructor(
    equip: (life: Lifetime) => Activities,
    private readonly client: Client,
  ) {
    this.activities = equip(this.life);
  }

  /** Runs one attempt of an activity. `heartbeat` decides which details reach the server. */
  attempt(info: Partial<Info>, args: readonly Payload[], heartbeat: (details: unknown) => void): Attempt {
    const environment = new MockActivityEnvironment(info, { logger: silent, client: this.client });
    environment.on('heartbeat', heartbeat);
    const given = args.map((payload) => defaultPayloadConverter.fromPayload(payload));
    let cancelled = false;
    const act = this.activities[info.activityType ?? '']!;
    const result = Clock.runWith(this.life, () => environment.run(act as never, ...(given as never[])));
    return {
      ended: result.then(completed, (error: unknown) => failed(error, cancelled)),
      cancel() {
        cancelled = true;
        environment.cancel('CANCELLED');
      },
    };
  }

  async forgetRuns(): Promise<void> {
    for (const instance of this.instances.values()) await instance.dispose();
    this.instances.clear();
  }
}

function completed(result: unknown): Outcome {
  return { completed: { result: defaultPayloadConverter.toPayload(result) ?? null } };
}

function failed(error: unknown, cancelled: boolean): Outcome {
  const failure = defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);
  return cancelled && error instanceof CancelledFailure ? { cancelled: { failure } } : { failed: { failure } };
}
