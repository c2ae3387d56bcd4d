import type { WorkflowHandle } from '@temporalio/client';
import type { OperationStatus } from '../../contract/status.js';
import { waitUntil } from './runs.js';
import { exampleOf } from './orders.js';
import type { Scenario } from './recorded-scenarios.js';

/** The example with a grace period of a second. */
export const exampleWithShortGrace = { ...(exampleOf('offboardCustomer') as object), grace: '1 second' };

/** Scenarios of `offboardCustomer`. */
export function offboardingScenarios(): Scenario[] {
  const decide =
    (...choices: string[]) =>
    async (handle: WorkflowHandle) => {
      await waitUntil(async () => (await handle.query<OperationStatus>('status')).grace !== undefined);
      for (const choice of choices)
        await handle.executeUpdate(choice, { args: [{ actor: 'ann', reason: 'because', by: '1 second' }] });
    };
  const order = { ...exampleWithShortGrace, grace: '1 hour', onFailure: 'undo' };
  return [
    ['refused', { ...exampleWithShortGrace, confirm: 'Customer' }],
    ['no-report', { ...exampleWithShortGrace, finalReport: false }],
    ['report-refused', { ...exampleWithShortGrace, onFailure: 'undo' }, 'POST /reports', { refuse: 403 }],
    ['lost-deletion', exampleWithShortGrace, 'DELETE /tenants/{id}', 'commit-then-drop'],
    ['restored', order, undefined, undefined, { meanwhile: decide('extendGrace', 'hold', 'release', 'restore') }],
  ];
}

/** Scenarios of `restoreCustomer`: from each state that a customer can be in. */
export function restoringScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, onFailure: 'undo' };
  const deleted = { before: ['offboardCustomer', { ...exampleWithShortGrace, finalReport: false }] } as const;
  const disabled = { before: ['disableTenant', order] } as const;
  const leaving = { parallel: ['offboardCustomer', { ...exampleWithShortGrace, grace: '1 hour' }] } as const;
  return [
    ['disabled', order, undefined, undefined, disabled],
    ['in-grace', order, undefined, undefined, leaving],
    ['deleted', order, undefined, undefined, deleted],
    ['lost-answer', order, 'POST /tenants/{id}/restore', 'commit-then-drop', deleted],
    ['left-over', order, 'POST /tenants/{id}/restore', { lostThen: { refuse: 403 } }, deleted],
    ['refused', { ...order, tenant: { name: 'Nobody' } }],
  ];
}
