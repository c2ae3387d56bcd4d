import type { Fault } from '../../simulator/index.js';
import { exampleOf } from './orders.js';
import type { Scenario } from './recorded-scenarios.js';

const MANAGER = '/api/policy_management/v4';
const failing: Fault = { lostThen: { refuse: 403 } };
const seeded = {
  tenant: { name: 'Seeded Customer' },
  plan: { name: 'Seeded plan' },
  resources: 'all',
  onFailure: 'undo',
};
const revoked = { before: ['revokePlan', seeded] } as const;

/** Scenarios of the operations on plans. */
export const planScenarios: Readonly<Record<string, Scenario[]>> = {
  createPlan: createPlanScenarios(),
  applyPlan: [
    ['applied', seeded, undefined, undefined, revoked],
    ['lost-answer', seeded, `POST ${MANAGER}/applications`, 'commit-then-drop', revoked],
    ['undone', seeded, `POST ${MANAGER}/applications`, failing, revoked],
    ['refused', { ...seeded, plan: { name: 'Nothing' } }],
  ],
  protectCustomer: protectScenarios(),
  onboardCustomer: onboardScenarios(),
  createResourceGroup: resourceGroupScenarios(),
  revokePlan: [['undone', seeded, `DELETE ${MANAGER}/applications`, failing]],
  runPlan: [
    ['lost-answer', seeded, `PUT ${MANAGER}/applications/run`, 'commit-then-drop'],
    ['left-over', seeded, `PUT ${MANAGER}/applications/run`, failing],
    ['refused', seeded, undefined, undefined, revoked],
  ],
};

function createPlanScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, name: 'Servers', template: 'servers', onFailure: 'undo' };
  const route = `POST ${MANAGER}/policies`;
  return [
    ['refused', { ...order, tenant: { name: 'Seeded Partner' } }],
    ['lost-answer', order, route, 'commit-then-drop'],
    ['undone', order, route, failing],
  ];
}

function protectScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, onFailure: 'undo' };
  return [
    ['refused', { ...order, tenant: { name: 'Seeded Partner' } }],
    ['cancelled', order, 'GET /api/resource_management/v4/resource_statuses'],
    ['left-over', order, `POST ${MANAGER}/applications`, failing],
  ];
}

function onboardScenarios(): Scenario[] {
  const order = { ...(exampleOf('onboardCustomer') as object), onFailure: 'undo' };
  return [
    ['undone', order, `POST ${MANAGER}/policies`, failing],
    ['cancelled', order, `POST ${MANAGER}/policies`, { delay: 1500 }],
    ['left-over', order, `POST ${MANAGER}/applications`, failing],
  ];
}

function resourceGroupScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, name: 'Servers', condition: 'srv-*', onFailure: 'undo' };
  const route = 'POST /api/resource_management/v4/resources';
  return [
    ['lost-answer', order, route, 'commit-then-drop'],
    ['left-over', order, route, failing],
    ['refused', { ...order, tenant: { name: 'Seeded Partner' } }],
  ];
}
