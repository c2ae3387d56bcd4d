import { metricMeter, setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { currentDetails } from './current-details.js';
import type { StepResult } from '../../contract/steps.js';
import type { Decision } from '../../contract/decisions.js';
import {
  acronisPartnerId,
  acronisTenantId,
  externalRef,
  tenantryReason,
  tenantryState,
  tenantryStep,
} from '../../contract/search-attributes.js';
import { WAITING_MEMO } from '../../contract/status.js';
import type {
  AnyStatus,
  GraceStatus,
  Leftover,
  OperationState,
  OperationStatus,
  Reason,
  StepState,
  StepStatus,
  WaitingFor,
} from '../../contract/status.js';

/** What a run has learnt about its customer so far. */
export interface Facts {
  tenantId?: string;
  userId?: string;
  partnerId?: string;
  externalRef?: string;
  grace?: GraceStatus;
  /** The management console of its cloud. */
  consoleUrl?: string;
  leftovers?: readonly Leftover[];
  /** Users of whom nobody knows whether they were invited. */
  uninvited?: readonly Leftover[];
}

type Ending = {
  [S in OperationState]: Omit<Extract<OperationStatus, { state: S }>, keyof AnyStatus>;
}[OperationState];
/** Made when it is first needed: a story may be read outside a workflow, which has no meter. */
const stateCounter = () =>
  metricMeter.createCounter('tenantry_run_states', undefined, 'Times that runs left the state running, by state');

/** The one place where a run's status lives; the query, the search attributes and Temporal's current details are drawn from it. */
export class StatusBoard {
  readonly id = workflowInfo().workflowId;
  readonly facts: Facts = {};
  private readonly startedAt = now();
  private updatedAt = this.startedAt;
  private steps: StepStatus[] = [];
  readonly decisions: Decision[] = [];
  private readonly before = new Map<string, number>();
  private state: Ending = { state: 'running' };
  private waiting: WaitingFor | undefined;

  constructor(readonly operation: string) {}

  /** A copy that a caller may keep. */
  status(): OperationStatus {
    const { tenantId, userId, externalRef, grace } = this.facts;
    return {
      operation: this.operation,
      id: this.id,
      ...this.state,
      ...(this.state.state === 'running' ? this.waiting : {}),
      steps: this.steps.map((step) => ({ ...step })),
      startedAt: this.startedAt,
      updatedAt: this.updatedAt,
      ...(this.decisions.length === 0 ? {} : { decisions: [...this.decisions] }),
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(userId === undefined ? {} : { userId }),
      ...(externalRef === undefined ? {} : { externalRef }),
      ...(grace === undefined ? {} : { grace: asFarAs(this.state.state, grace) }),
    };
  }

  /** Lists the steps to come; what is known of those that were begun stays. One that failed and is no longer to come is done without. */
  planSteps(names: readonly string[]): void {
    const begun = this.steps.filter(({ state }) => state !== 'pending');
    const rest = begun.filter(({ name }) => !names.includes(name));
    for (const step of rest) if (step.state === 'failed') step.state = 'skipped';
    const planned = names.map((name) => begun.find((one) => one.name === name) ?? pending(name));
    this.steps = [...rest, ...planned];
    this.changed();
  }

  /** How far a step is; undefined when it is not planned. */
  stepState(name: string): StepState | undefined {
    return this.steps.find((one) => one.name === name)?.state;
  }

  /** Keeps a decision. */
  addDecision(decision: Decision): Decision {
    this.decisions.push(decision);
    this.changed();
    return decision;
  }

  /** What the story had to leave, with where a person finds it. */
  leftovers(): Leftover[] {
    const { leftovers = [], uninvited = [], consoleUrl: link } = this.facts;
    return [...leftovers, ...uninvited].map((leftover) => (link === undefined ? leftover : { ...leftover, link }));
  }

  /** Keeps what has been learnt; it becomes searchable when the state changes next. */
  setFacts(facts: Facts): void {
    Object.assign(this.facts, facts);
    this.changed();
  }

  /** The run as a whole changes its state. */
  setState(state: Ending, reason?: Reason): void {
    const wasBlocked = this.state.state === 'blocked';
    this.state = state;
    if (state.state !== 'running')
      stateCounter().add(1, { operation: this.operation, state: state.state, reason: reason?.type ?? '' });
    const { tenantId, partnerId, externalRef: reference } = this.facts;
    const attributes = [
      { key: tenantryState, value: state.state },
      { key: tenantryReason, value: reason?.type },
      { key: tenantryStep, value: state.state === 'blocked' ? state.blocked.step : undefined },
      { key: acronisTenantId, value: tenantId },
      { key: acronisPartnerId, value: partnerId },
      { key: externalRef, value: reference },
    ];
    // what was said of the block must not be found any more once it is over
    const gone = (key: typeof tenantryStep) => wasBlocked && (key === tenantryStep || key === tenantryReason);
    upsertSearchAttributes(
      attributes.flatMap(({ key, value = gone(key) ? null : undefined }) =>
        value === undefined ? [] : [{ key, value }],
      ),
    );
    this.changed();
  }

  /** For whom the run waits from now on, also while one of its steps is blocked; nobody when nothing is told. */
  setWaitingFor(waiting?: WaitingFor): void {
    if (waiting === undefined && this.waiting === undefined) return;
    this.waiting = waiting;
    upsertMemo({ [WAITING_MEMO]: waiting ?? null });
    this.changed();
  }

  stepStarted(name: string): void {
    const { startedAt = now() } = this.find(name);
    this.before.set(name, this.find(name).attempts);
    this.change(name, { state: 'running', attempts: this.tries(name, 1), startedAt });
  }

  setLastError(name: string, lastError: string): void {
    this.change(name, { lastError });
  }

  stepEnded(
    name: string,
    { adopted, attempts, lastError }: Pick<StepResult<unknown>, 'adopted' | 'attempts' | 'lastError'>,
  ): void {
    this.change(name, {
      state: adopted ? 'adopted' : 'done',
      attempts: this.tries(name, attempts),
      endedAt: now(),
      ...(lastError === undefined ? {} : { lastError }),
    });
  }

  stepFailed(name: string, lastError: string, attempts?: number): void {
    this.change(name, { state: 'failed', endedAt: now(), lastError, attempts: this.tries(name, attempts ?? 1) });
  }

  stepUndone(name: string): void {
    this.change(name, { state: 'undone', endedAt: now() });
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

  /** Those of this time, and those before a person decided. */
  private tries(name: string, now: number): number {
    return (this.before.get(name) ?? 0) + now;
  }

  private changed(): void {
    this.updatedAt = now();
    setCurrentDetails(currentDetails(this.status()));
  }
}

/** Of a run that does not go on, only what was. */
function asFarAs(state: OperationState, grace: GraceStatus): GraceStatus {
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
