import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { OutgoingData } from '../catalogue/outgoing-events.js';
import { CUSTOMER_WORKFLOW } from '../contract/customers.js';
import type { OutgoingEvent } from '../contract/outgoing-events.js';
import { acronisTenantId, externalRef, tenantryReason, tenantryState } from '../contract/search-attributes.js';
import type { Blocked } from '../contract/status.js';
import { OFFBOARD_CUSTOMER } from '../workflows/offboard-customer/contract.js';
import { PROVISION_CUSTOMER } from '../workflows/provision-customer/contract.js';
import { eventId } from './event-ids.js';

/** The customer that an event is about. */
export type AboutCustomer = Pick<OutgoingData<'customer.suspended'>, 'id' | 'ref' | 'cloud' | 'tenantId'>;

const DISABLE_TENANT = 'disableTenant';

/** The id of the customer that has started a run; undefined when it was another program or a person. */
export function customerOf({ parentExecution }: WorkflowExecutionInfo): string | undefined {
  const parent = parentExecution?.workflowId ?? undefined;
  return parent?.startsWith(`${CUSTOMER_WORKFLOW}:`) ? parent : undefined;
}

/** What the end of a run says about the run. */
export function endOfRun(run: WorkflowExecutionInfo): OutgoingEvent {
  const { state, type } = endOf(run);
  const reason = run.typedSearchAttributes.get(tenantryReason);
  const endedAt = timeOf(run.closeTime);
  const data = { ...runFields(run), state, ...(state !== 'completed' && reason && { reason }), endedAt };
  return { id: eventId(type, run.runId), type, timestamp: endedAt, data };
}

/** That a run waits. What it waits for says `blocked`; undefined where the run does not answer. */
export function blockOfRun(run: WorkflowExecutionInfo, step: string, blocked: Blocked | undefined): OutgoingEvent {
  const reason = run.typedSearchAttributes.get(tenantryReason);
  const { since, until, waitsForCloud } = blocked ?? {};
  const data = {
    ...runFields(run),
    state: 'blocked',
    step: blocked?.step ?? step,
    ...(reason && { reason }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(waitsForCloud && { waitsForCloud }),
  };
  const type = 'operation.blocked';
  const timestamp = since ?? timeOf(run.startTime);
  return { id: eventId(type, run.runId, data.step, since ?? ''), type, timestamp, data };
}

/** What the end of a run that a customer has started says about the customer, in order. */
export function endForCustomer(run: WorkflowExecutionInfo, customer: AboutCustomer): OutgoingEvent[] {
  const isCompleted = endOf(run).state === 'completed';
  // an offboarding that did not complete leaves the customer as it is: it is no longer ending
  if (!isCompleted && run.type !== OFFBOARD_CUSTOMER) return [];
  const timestamp = timeOf(run.closeTime);
  const data = { ...customer, ...tenantOf(run), operation: run.type, run: run.workflowId };
  const event = (type: OutgoingEvent['type'], more: object = {}): OutgoingEvent => {
    return { id: eventId(type, run.runId), type, timestamp, data: { ...data, ...more } };
  };
  if (!isCompleted) return [event('customer.changed')];
  if (run.type === DISABLE_TENANT) return [event('customer.suspended')];
  if (run.type === OFFBOARD_CUSTOMER) return [event('customer.ended')];
  const provisioned = { milestone: 'provisioned', at: timestamp } as const;
  const milestone = run.type === PROVISION_CUSTOMER ? [event('onboarding.milestone', provisioned)] : [];
  return [event('customer.changed'), ...milestone];
}

/** That a customer has begun to end: the yes was given, and its offboarding has begun. */
export function beginningOfEnd(run: WorkflowExecutionInfo, customer: AboutCustomer): OutgoingEvent {
  const type = 'customer.ending';
  const data = { ...customer, ...tenantOf(run), operation: run.type, run: run.workflowId };
  return { id: eventId(type, run.runId), type, timestamp: timeOf(run.startTime), data };
}

/** A run that was ended from outside could not set its own state. */
function endOf({ status: { name }, typedSearchAttributes }: WorkflowExecutionInfo) {
  const outside = name === 'TERMINATED' || name === 'TIMED_OUT';
  const said = outside ? 'failed' : typedSearchAttributes.get(tenantryState);
  const state = name === 'COMPLETED' ? 'completed' : name === 'CANCELLED' ? 'cancelled' : said;
  if (state === 'completed') return { state, type: 'operation.completed' } as const;
  if (state === 'undone') return { state, type: 'operation.undone' } as const;
  return { state: state === 'cancelled' ? 'cancelled' : 'failed', type: 'operation.failed' } as const;
}

function runFields(run: WorkflowExecutionInfo) {
  const { workflowId: id, runId, type: operation, typedSearchAttributes, startTime } = run;
  const ref = typedSearchAttributes.get(externalRef);
  const customer = customerOf(run);
  return {
    id,
    runId,
    operation,
    ...tenantOf(run),
    ...(ref !== undefined && { externalRef: ref }),
    ...(customer !== undefined && { customer }),
    startedAt: timeOf(startTime),
  };
}

function tenantOf({ typedSearchAttributes }: WorkflowExecutionInfo) {
  const tenantId = typedSearchAttributes.get(acronisTenantId);
  return tenantId === undefined ? {} : { tenantId };
}

function timeOf(time: Date | undefined): string {
  return (time ?? new Date()).toISOString();
}
