import { ApplicationFailure, Context } from '@temporalio/activity';
import { isAcronisError, type Acronis, type CompletedCall } from '../acronis/index.js';
import type { StepResult } from '../contract/steps.js';
import { toFailure, type AttemptMemory } from './failures.js';
import { holdOf } from './holding-back.js';
import { memoryKept } from './kept-memory.js';
import { tell, type Observer } from './observer.js';
import { dryOutside, type DryRun } from './outside.js';
import { pauseAfter, standsBack, type Shares } from './shares.js';

/** What every activity is made from. */
export interface ActivityDependencies {
  /** The client of a configured cloud; throws `UnknownCloud` when there is none of this name. */
  cloud(name: string): Acronis;
  /** Reads a secret by its reference, on this worker. */
  secret(reference: string): Promise<string>;
  /** Where secrets that a step receives are kept; absent when none is configured on this worker. */
  safe?: Safe;
  observer?: Observer;
  /** How much of the worker one cloud may take; all of it unless given. */
  shares?: Shares;
  /** How long to look again for what may be listed late. Milliseconds; one minute unless given. */
  lookAgainMs?: number;
}

/** Keeps secrets by name, encrypted. */
export interface Safe {
  /** Replaces what was there. */
  put(name: string, value: string): Promise<void>;
  get(name: string): Promise<string | undefined>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
}

/** What an attempt has at hand. */
export interface Attempt {
  acronis: Acronis;
  /** True in the first attempt of this call; says nothing of effects: see `unsure`. */
  first: boolean;
  /** How many attempts of this call there were before. */
  earlier: number;
  /** True when an earlier try of this call has changed something, or may have. */
  unsure: boolean;
  /** True when nobody has heard of an earlier try: what it remembered may be lost. */
  unheard: boolean;
  /** When this call was ordered, by Temporal's clock. Milliseconds since 1970. */
  orderedAt: number;
  /** What earlier attempts learnt, and what later ones shall know. */
  memory: AttemptMemory;
  /** Sends the memory to the server now. */
  remember(): void;
  /** Ends once the server has the memory; fails, to be tried again, when that cannot be seen. */
  memoryKept(): Promise<void>;
  secret(reference: string): Promise<string>;
  safe: Safe | undefined;
  /** Waits between two looks; ends at once with the worker's or the run's cancellation. */
  pause(ms: number): Promise<void>;
  lookAgainMs: number;
}

export interface Found<Result> {
  result: Result;
  adopted?: boolean;
  /** Whether this run made the difference; unless given, it did when nothing was adopted. */
  changed?: boolean;
}

/** What Temporal runs. Without Temporal it can be tried: then nothing is changed. */
export type Activity<Spec, Result> = ((spec: Spec) => Promise<StepResult<Result>>) & {
  dry(spec: Spec): Promise<DryRun<Result>>;
};

const HEARTBEAT_MS = 500;
const MINUTE_MS = 60_000;

/** How long "again" lasts, in milliseconds, and whether the call in flight may be cut off when the run is cancelled. */
export interface Patience {
  againMs: number;
  abortable: boolean;
}

export const patience = {
  look: { againMs: 15 * MINUTE_MS, abortable: true },
  change: { againMs: 15 * MINUTE_MS, abortable: false },
  undo: { againMs: 60 * MINUTE_MS, abortable: false },
  probe: { againMs: Infinity, abortable: true },
} as const satisfies Record<string, Patience>;

/**
 * Turns "what to do" into an activity: binds the cloud's client to this attempt, heartbeats while a call is open so that a dead worker
 * is noticed in seconds, counts calls, and gives every error its verdict. What earlier attempts learnt travels in the heartbeat. An attempt for
 * a cloud that has its share of the worker already does nothing: it gives its slot back and is made again soon.
 */
export function activity<Spec extends { cloud: string }, Result>(
  dependencies: ActivityDependencies,
  { againMs, abortable }: Patience,
  act: (spec: Spec, attempt: Attempt) => Promise<Found<Result>>,
): Activity<Spec, Result> {
  const attempted = async (spec: Spec): Promise<StepResult<Result>> => {
    const context = Context.current();
    const { currentAttemptScheduledTimestampMs: now, isLocal } = context.info;
    const telling = tell(dependencies.observer, context.info, spec.cloud);
    const memory = remembered(context);
    const attempt = triesOf(context, memory);
    const unsure = mayHaveSent(memory, attempt);
    // a local activity cannot be lost without its workflow task, so it has no heartbeat
    const remember = () => (isLocal ? undefined : context.heartbeat(memory));
    const beating = setInterval(remember, HEARTBEAT_MS);
    const onCall = (call: CompletedCall) => {
      memory.apiCalls += 1;
      if (call.effect === 'made') memory.changed = true;
      if (call.effect === 'maybe') memory.doubt = true;
      telling.called(call);
    };
    const signal = abortable ? { signal: context.cancellationSignal } : {};
    const { watch, around } = holdOf(spec);
    try {
      const acronis = dependencies.cloud(spec.cloud).forAttempt({ onCall, ...signal, ...watch });
      const bound = attemptWith(acronis, { dependencies, context, memory, attempt, unsure, remember });
      const found = await around(() => act(spec, bound));
      const { result, adopted = false, changed = !adopted } = found;
      telling.succeeded(adopted);
      return { result, adopted, changed, ...(unsure ? { unsure } : {}), ...summary(memory, attempt) };
    } catch (error) {
      const failure = verdict(error, { memory, attempt, now, againMs, unsure, beat: remember });
      telling.failed(failure);
      throw failure;
    } finally {
      clearInterval(beating);
    }
  };
  const sharing = async (spec: Spec) => await inItsShare(dependencies.shares, spec, againMs, attempted);
  return Object.assign(sharing, { dry: dryOutside(dependencies, act) });
}

/** Makes the attempt, unless its cloud has its share of this worker already: then nothing is done, and nothing learnt. */
async function inItsShare<Spec extends { cloud: string }, Result>(
  shares: Shares | undefined,
  spec: Spec,
  againMs: number,
  attempted: (spec: Spec) => Promise<Result>,
): Promise<Result> {
  if (shares === undefined) return await attempted(spec);
  const context = Context.current();
  const { isLocal, currentAttemptScheduledTimestampMs: now } = context.info;
  const leave = shares.enter(spec.cloud, isLocal ? 'local' : 'ordinary');
  if (leave !== undefined) return await attempted(spec).finally(leave);
  const memory = remembered(context);
  const stoodBack = (memory.stoodBack ?? 0) + 1;
  const known = { ...memory, stoodBack };
  if (!isLocal) context.heartbeat(known);
  const attempt = triesOf(context, known);
  const situation = { attempt, now, againMs, unsure: mayHaveSent(known, attempt) };
  throw toFailure(standsBack(spec.cloud, stoodBack, againMs === Infinity), known, situation);
}

/** How many attempts of this call have begun, without those that stood back. */
function triesOf({ info }: Context, { stoodBack = 0 }: AttemptMemory): number {
  return info.attempt - stoodBack;
}

/** True when an earlier try may have done already what this one is to do: of this call, or of the step before it was tried again. */
export function mayBeDone(spec: { look: boolean; unsure?: boolean }, { unsure }: Attempt): boolean {
  return unsure || (spec.look && spec.unsure !== false);
}

interface Surroundings {
  dependencies: ActivityDependencies;
  context: Context;
  memory: AttemptMemory;
  attempt: number;
  unsure: boolean;
  remember(): void;
}

function attemptWith(
  acronis: Acronis,
  { dependencies, context, memory, attempt, unsure, remember }: Surroundings,
): Attempt {
  return {
    acronis,
    first: attempt === 1,
    earlier: attempt - 1,
    unsure,
    unheard: isUnheard(memory, attempt),
    orderedAt: context.info.scheduledTimestampMs,
    memory,
    remember,
    memoryKept: async () => await memoryKept(context, memory),
    secret: dependencies.secret,
    safe: dependencies.safe,
    pause: (ms) => context.sleep(ms),
    lookAgainMs: dependencies.lookAgainMs ?? MINUTE_MS,
  };
}

function summary({ apiCalls, lastError }: AttemptMemory, attempts: number) {
  return { attempts, apiCalls, ...(lastError === undefined ? {} : { lastError }) };
}

function remembered({ info }: Context): AttemptMemory {
  const memory = info.heartbeatDetails as AttemptMemory | undefined;
  return memory === undefined ? { apiCalls: 0, failures: {} } : { ...memory, failures: { ...memory.failures } };
}

/** What an earlier attempt has changed is done, wherever it failed then; one that was never heard of again may have sent anything. */
function mayHaveSent(memory: AttemptMemory, attempt: number): boolean {
  const { sent, changed, doubt } = memory;
  return sent === true || changed === true || doubt === true || isUnheard(memory, attempt);
}

function isUnheard({ failures }: AttemptMemory, attempt: number): boolean {
  const heard = Object.values(failures).reduce<number>((sum, count = 0) => sum + count, 0);
  return heard < attempt - 1;
}

interface Situation {
  memory: AttemptMemory;
  attempt: number;
  now: number;
  againMs: number;
  unsure: boolean;
  beat(): void;
}

function verdict(error: unknown, { memory, beat, ...now }: Situation): unknown {
  // a change was answered, but nobody can say with what
  if (isAcronisError(error) && error.kind === 'unreadable' && memory.changed) memory.doubt = true;
  const failure = toFailure(error, memory, now);
  if (failure instanceof ApplicationFailure) {
    memory.lastError = failure.message;
    beat();
    // Temporal would count the attempts that stood back
    if (memory.stoodBack && now.againMs !== Infinity && !failure.nonRetryable && failure.nextRetryDelay == null)
      Object.assign(failure, { nextRetryDelay: pauseAfter(now.attempt) });
  }
  return failure;
}
