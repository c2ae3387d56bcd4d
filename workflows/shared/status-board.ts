import { metricMeter, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { currentDetails } from './current-details.js';
import type { Done } from './run.js';
import { acronisTenantId, acronisPartnerId, externalRef, tenantryReason, tenantryState } from './search-attributes.js';
import type { OperationState, OperationStatus, Reason, StepStatus } from './status.js';

/** What a run has learnt about its customer so far. */
export interface Facts {
  tenantId?: string;
  userId?: string;
  partnerId?: string;
  externalRef?: string;
}

type Ending = {
  [S in OperationState]: Omit<Extract<OperationStatus, { state: S }>, keyof CommonFields>;
}[OperationState];
type CommonFields = {
  operation: 0;
  id: 0;
  steps: 0;
  startedAt: 0;
  updatedAt: 0;
  tenantId: 0;
  userId: 0;
  externalRef: 0;
};

const turns = metricMeter.createCounter(
  'tenantry_run_states',
  undefined,
  'Times that runs left the state running, by state',
);

/** The one place where a run's status lives; the query, the search attributes and Temporal's current details are drawn from it. */
export class StatusBoard {
  readonly id = workflowInfo().workflowId;
  readonly facts: Facts = {};
  private readonly startedAt = now();
  private updatedAt = this.startedAt;
  private steps: StepStatus[] = [];
  private state: Ending = { state: 'running' };

  constructor(private readonly operation: string) {}

  /** A copy that a caller may keep. */
  status(): OperationStatus {
    const { tenantId, userId, externalRef } = this.facts;
    return {
      operation: this.operation,
      id: this.id,
      ...this.state,
      steps: this.steps.map((step) => ({ ...step })),
      startedAt: this.startedAt,
      updatedAt: this.updatedAt,
      ...(tenantId === undefined ? {} : { tenantId }),
      ...(userId === undefined ? {} : { userId }),
      ...(externalRef === undefined ? {} : { externalRef }),
    };
  }

  /** Lists the steps to come. */
  plan(names: readonly string[]): void {
    this.steps = names.map((name) => ({ name, state: 'pending', attempts: 0 }));
    this.changed();
  }

  /** Keeps what has been learnt; it becomes searchable when the state changes next. */
  know(facts: Facts): void {
    Object.assign(this.facts, facts);
    this.changed();
  }

  /** The run as a whole changes its state. */
  turn(state: Ending, reason?: Reason): void {
    this.state = state;
    if (state.state !== 'running')
      turns.add(1, { operation: this.operation, state: state.state, reason: reason?.type ?? '' });
    const { tenantId, partnerId, externalRef: reference } = this.facts;
    const attributes = [
      { key: tenantryState, value: state.state },
      { key: tenantryReason, value: reason?.type },
      { key: acronisTenantId, value: tenantId },
      { key: acronisPartnerId, value: partnerId },
      { key: externalRef, value: reference },
    ];
    upsertSearchAttributes(attributes.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }])));
    this.changed();
  }

  began(name: string): void {
    this.change(name, { state: 'running', attempts: 1, startedAt: now() });
  }

  note(name: string, lastError: string): void {
    this.change(name, { lastError });
  }

  ended(
    name: string,
    { adopted, attempts, lastError }: Pick<Done<unknown>, 'adopted' | 'attempts' | 'lastError'>,
  ): void {
    this.change(name, {
      state: adopted ? 'adopted' : 'done',
      attempts,
      endedAt: now(),
      ...(lastError === undefined ? {} : { lastError }),
    });
  }

  failed(name: string, lastError: string, attempts?: number): void {
    this.change(name, { state: 'failed', endedAt: now(), lastError, ...(attempts === undefined ? {} : { attempts }) });
  }

  undone(name: string): void {
    this.change(name, { state: 'undone', endedAt: now() });
  }

  adopted(): string[] {
    return this.steps.filter(({ state }) => state === 'adopted').map(({ name }) => name);
  }

  private change(name: string, facts: Partial<StepStatus>): void {
    let step = this.steps.find((one) => one.name === name);
    if (step === undefined) this.steps.push((step = { name, state: 'pending', attempts: 0 }));
    Object.assign(step, facts);
    this.changed();
  }

  private changed(): void {
    this.updatedAt = now();
    setCurrentDetails(currentDetails(this.status()));
  }
}

function now(): string {
  return new Date().toISOString();
}
