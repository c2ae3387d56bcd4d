import type { Scene } from './recorded-scenes.js';

const MANAGER = '/api/policy_management/v4';

/** What is recorded of the operations on plans. */
export const planScenes: Readonly<Record<string, Scene[]>> = { createPlan: planning() };

function planning(): Scene[] {
  const order = { tenant: { customerId: 'customer-inc' }, name: 'Servers', template: 'servers', onFailure: 'undo' };
  const route = `POST ${MANAGER}/policies`;
  return [
    ['refused', { ...order, tenant: { name: 'Seeded Partner' } }],
    ['lost-answer', order, route, 'commit-then-drop'],
    ['undone', order, route, { refuse: 403, commit: true }],
  ];
}
