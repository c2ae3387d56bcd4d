import type { WorkflowHandle } from '@temporalio/client';
import type { OperationStatus } from '../../contract/status.js';
import { expectSoon } from './desk.js';
import { exampleOf } from './orders.js';
import type { Scene } from './recorded-scenes.js';

/** Nobody waits a month for it. */
export const shortly = { ...(exampleOf('offboardCustomer') as object), grace: '1 second' };

/** Offboardings. */
export function leaving(): Scene[] {
  const decide =
    (...choices: string[]) =>
    async (handle: WorkflowHandle) => {
      await expectSoon(async () => (await handle.query<OperationStatus>('status')).grace !== undefined);
      for (const choice of choices)
        await handle.executeUpdate(choice, { args: [{ actor: 'ann', reason: 'because', by: '1 second' }] });
    };
  const order = { ...shortly, grace: '1 hour', onFailure: 'undo' };
  return [
    ['refused', { ...shortly, confirm: 'Customer' }],
    ['no-report', { ...shortly, finalReport: false }],
    ['report-refused', { ...shortly, onFailure: 'undo' }, 'POST /reports', { refuse: 403 }],
    ['lost-deletion', shortly, 'DELETE /tenants/{id}', 'commit-then-drop'],
    ['restored', order, undefined, undefined, { meanwhile: decide('extendGrace', 'hold', 'release', 'restore') }],
  ];
}

/** Customers that come back, from wherever they are. */
export function comingBack(): Scene[] {
  const order = { tenant: { customerId: 'customer-inc' }, onFailure: 'undo' };
  const deleted = { before: ['offboardCustomer', { ...shortly, finalReport: false }] } as const;
  const disabled = { before: ['disableTenant', order] } as const;
  const leaving = { beside: ['offboardCustomer', { ...shortly, grace: '1 hour' }] } as const;
  return [
    ['disabled', order, undefined, undefined, disabled],
    ['in-grace', order, undefined, undefined, leaving],
    ['deleted', order, undefined, undefined, deleted],
    ['lost-answer', order, 'POST /tenants/{id}/restore', 'commit-then-drop', deleted],
    ['left-over', order, 'POST /tenants/{id}/restore', { lostThen: { refuse: 403 } }, deleted],
    ['refused', { ...order, tenant: { name: 'Nobody' } }],
  ];
}
