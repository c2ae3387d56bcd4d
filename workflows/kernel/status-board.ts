import { metricMeter, setCurrentDetails, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { currentDetails } from './current-details.js';
import { makeSearchable } from './searchable.js';
import type { StepResult, StepTimes } from '../../contract/steps.js';
import type { Decision } from '../../contract/decisions.js';
import type { FailureFacts } from '../../contract/failures.js';
import type { Protection } from '../../contract/protection.js';
import { WAITING_MEMO } from '../../contract/status.js';
import type {
  CommonStatus,
  DroppedSignals,
  GraceStatus,
  Leftover,
  OperationState,
  OperationStatus,
  Reason,
  StepState,
  StepStatus,
  WaitingFor,
} from '../../contract/status.js';

/** What a run knows about its customer so far. */
export interface RunDetails {
  tenantId?: string;
  userId?: string;
  partnerId?: string;
  externalRef?: string;
  grace?: GraceStatus;
  protection?: Protection;
  /** The management console of its cloud. */
  consoleUrl?: string;
  leftovers?: readonly Leftover[];
  /** What the run found as it is, and leaves so even when it is undone. */
  leftAsFound?: readonly Leftover[];
  /** Users whose invitation is unconfirmed. */
  uninvited?: readonly Leftover[];
}

export type StateFields = {
  [S in OperationState]: Omit<Extract<OperationStatus, { state: S }>, keyof CommonStatus>;
}[OperationState];
/** Created on first use: outside a workflow, where plans read this module, there is no meter. */
const stateCounter = () =>
  metricMeter.createCounter('tenantry_run_states', undefined, 'Times that runs left the state running, by state');

/** Holds the status of a run. The query, the search attributes and Temporal's current details come from it. */
export class StatusBoard {
  readonly id = workflowInfo().workflowId;
  readonly facts: RunDetails = {};
  private readonly startedAt = now();
  private updatedAt = this.startedAt;
  private steps: StepStatus[] = [];
  readonly decisions: Decision[] = [];
  private readonly dropped: DroppedSignals[] = [];
  private readonly earlierAttempts = new Map<string, number>();
  private state: StateFields = { state: 'running' };
  private waiting: WaitingFor | undefined;

  /** Called when the state has changed, or the run for which it waits. */
  onStateChanged: () => void = () => undefined;

  constructor(readonly operation: string) {}

  /** A copy of the status. */
  status(): OperationStatus {
    const { tenantId, userId, externalRef, grace, protection } = this.facts;
    return {
      operation: this.operation,
      id: this.id,
      ...this.state,
      ...(this.state.state === 'running' ? this.waiting : {}),
      steps: this.steps.map((step) => ({ ...step })),
      startedAt: this.startedAt,
      updatedAt: this.updatedAt,
      ...(this.decisions.length === 0 ? {} : { decisions: [...this.decisions] }),
      ...(this.dropped.length === 0 ? {} : { dropped: this.dropped.map((one) => ({ ...one })) }),
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(userId === undefined ? {} : { userId }),
      ...(externalRef === undefined ? {} : { externalRef }),
      ...(grace === undefined ? {} : { grace: graceFor(this.state.state, grace) }),
      ...(protection === undefined ? {} : { protection }),
    };
  }

  /**
   * Lists the planned steps; started ones keep their state. A failed step that is no longer planned becomes skipped.
   */
  planSteps(names: readonly string[]): void {
    const begun = this.steps.filter(({ state }) => state !== 'pending');
    const rest = begun.filter(({ name }) => !names.includes(name));
    for (const step of rest) if (step.state === 'failed') step.state = 'skipped';
    const planned = names.map((name) => begun.find((one) => one.name === name) ?? pending(name));
    this.steps = [...rest, ...planned];
    this.changed();
  }

  /** Takes a step off the list unless it has begun. */
  dropStep(name: string): void {
    this.steps = this.steps.filter((step) => step.name !== name || step.state !== 'pending');
    this.changed();
  }

  /** The state of a step; undefined when it is not planned. */
  stepState(name: string): StepState | undefined {
    return this.steps.find((one) => one.name === name)?.state;
  }

  /** Records a decision. */
  addDecision(decision: Decision): Decision {
    this.decisions.push(decision);
    this.changed();
    return decision;
  }

  /** Records that a signal was dropped. */
  signalDropped(signal: string): void {
    const before = this.dropped.find((one) => one.signal === signal);
    if (before === undefined) this.dropped.push({ signal, times: 1, lastAt: now() });
    else Object.assign(before, { times: before.times + 1, lastAt: now() });
    this.changed();
  }

  /** What the run had to leave, with a link to the console. */
  leftovers(): Leftover[] {
    const { leftovers = [], uninvited = [] } = this.facts;
    return [...this.withLinks([...leftovers, ...uninvited]), ...this.leftAsFound()];
  }

  /** What the run found as it is, and leaves so even when it is undone. */
  leftAsFound(): Leftover[] {
    return this.withLinks(this.facts.leftAsFound ?? []);
  }

  private withLinks(leftovers: readonly Leftover[]): Leftover[] {
    const { consoleUrl: link } = this.facts;
    return leftovers.map((leftover) => (link === undefined ? leftover : { ...leftover, link }));
  }

  /** Records facts; they become searchable at the next change of state. */
  setFacts(facts: RunDetails): void {
    Object.assign(this.facts, facts);
    this.changed();
    if (facts.protection !== undefined) this.onStateChanged();
  }

  /** Changes the state of the run. */
  setState(state: StateFields, reason?: Reason): void {
    const wasBlocked = this.state.state === 'blocked';
    this.state = state;
    if (state.state !== 'running')
      stateCounter().add(1, { operation: this.operation, state: state.state, reason: reason?.type ?? '' });
    makeSearchable(state, reason, this.facts, wasBlocked);
    this.changed();
    this.onStateChanged();
  }

  /** The run that this run waits for, also while a step is blocked; undefined when it does not wait. */
  setWaitingFor(waiting?: WaitingFor): void {
    if (waiting === undefined && this.waiting === undefined) return;
    this.waiting = waiting;
    upsertMemo({ [WAITING_MEMO]: waiting ?? null });
    this.changed();
    this.onStateChanged();
  }

  stepStarted(name: string): void {
    const { startedAt = now(), attempts } = this.find(name);
    this.earlierAttempts.set(name, attempts);
    this.change(name, { state: 'running', attempts: attempts + 1, startedAt });
  }

  setLastError(name: string, lastError: string): void {
    this.change(name, { lastError });
  }

  stepEnded(
    name: string,
    { adopted, attempts, lastError, ...times }: Omit<StepResult<unknown>, 'result' | 'changed' | 'apiCalls'>,
  ): void {
    this.change(name, {
      state: adopted ? 'adopted' : 'done',
      ...this.outcome(name, attempts, times),
      ...(lastError === undefined ? {} : { lastError }),
    });
  }

  stepFailed(name: string, lastError: string, { attempts = 1, ...times }: Partial<FailureFacts> = {}): void {
    this.change(name, { state: 'failed', ...this.outcome(name, attempts, times), lastError });
  }

  /** A cancellation stopped the step. It has not failed, so its last error stays what it was. */
  stepCancelled(name: string, { attempts = 1, ...times }: Partial<FailureFacts> = {}): void {
    this.change(name, { state: 'skipped', ...this.outcome(name, attempts, times) });
  }

  stepUndone(name: string, { endedAt = now() }: StepTimes): void {
    this.change(name, { state: 'undone', endedAt });
  }

  stepSkipped(name: string): void {
    this.change(name, { state: 'skipped', endedAt: now() });
  }

  adopted(): string[] {
    return this.steps.filter(({ state }) => state === 'adopted').map(({ name }) => name);
  }

  private change(name: string, facts: Partial<StepStatus>): void {
    Object.assign(this.find(name), facts);
    this.changed();
  }

  private find(name: string): StepStatus {
    let step = this.steps.find((one) => one.name === name);
    if (step === undefined) this.steps.push((step = pending(name)));
    return step;
  }

  /**
   * Attempts, with those before a decision, and times of a step that has ended. Its activity knows when it began and
   * ended; the workflow learns it only when a worker is there.
   */
  private outcome(name: string, attempts: number, { startedAt, endedAt = now() }: StepTimes) {
    const earlier = this.earlierAttempts.get(name) ?? 0;
    const began = earlier === 0 && startedAt !== undefined ? { startedAt } : {};
    return { attempts: earlier + attempts, ...began, endedAt };
  }

  private changed(): void {
    this.updatedAt = now();
    setCurrentDetails(currentDetails(this.status()));
  }
}

/** A run that has ended has no future dates. */
function graceFor(state: OperationState, grace: GraceStatus): GraceStatus {
  if (['running', 'blocked'].includes(state)) return grace;
  const { next: _next, until: _until, heldSince: _heldSince, ...past } = grace;
  return past;
}

function pending(name: string): StepStatus {
  return { name, state: 'pending', attempts: 0 };
}

function now(): string {
  return new Date().toISOString();
}
