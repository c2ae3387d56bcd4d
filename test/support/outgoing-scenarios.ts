import type { WorkflowHandle } from '@temporalio/client';
import { DELIVER_SIGNAL, type OutgoingEvent } from '../../contract/outgoing-events.js';
import type { Scenario } from './recorded-scenarios.js';
import { waitUntil } from './runs.js';

const event = (id: string): OutgoingEvent => ({
  id,
  type: 'operation.completed',
  timestamp: '2026-11-30T10:00:00.000Z',
  data: { id: 'provisionCustomer:C-1', operation: 'provisionCustomer' },
});

/** What is recorded of outgoing events. */
export const outgoingScenarios: Readonly<Record<string, Scenario[]>> = {
  outgoingEvents: [['looking', null, undefined, undefined, { meanwhile: untilItLooks }]],
  eventDelivery: [
    ['invalid', {}],
    ['delivered', { endpoint: 'crm' }, undefined, undefined, { meanwhile: deliverTwo }],
  ],
};

/** A look has begun; somebody terminates it. */
async function untilItLooks(run: WorkflowHandle): Promise<void> {
  await waitUntil(async () => ((await run.describe()).raw.pendingActivities ?? []).length > 0);
  await run.terminate();
}

/** Two events, one of them twice; what is no event is dropped. */
async function deliverTwo(run: WorkflowHandle): Promise<void> {
  for (const one of [event('one'), { id: 'nonsense' }, event('one'), event('two')])
    await run.signal(DELIVER_SIGNAL, one);
}
