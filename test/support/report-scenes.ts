import { exampleOf } from './orders.js';
import type { Scene } from './recorded-scenes.js';

/** What is recorded of reports. */
export function reportScenes(): Scene[] {
  const order = { ...(exampleOf('produceReport') as object), onFailure: 'undo' };
  return [
    ['skus', exampleOf('produceSkuReport')],
    ['lost-answer', order, 'POST /reports', 'commit-then-drop'],
    ['undone', order, 'GET /reports/{id}/stored', { refuse: 403 }],
    ['refused', { ...order, tenant: { customerId: 'customer-inc' }, level: 'direct_partners' }],
    ['cancelled', order, 'POST /reports', { delay: 1500 }],
  ];
}
