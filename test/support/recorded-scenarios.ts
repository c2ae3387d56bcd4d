import type { WorkflowHandle } from '@temporalio/client';
import type { Fault, Fixture } from '../../simulator/index.js';
import { brakeScenarios } from './brake-scenarios.js';
import { callBudgetScenarios } from './call-budget-scenarios.js';
import { noticeQueueScenarios } from './notice-queue-scenarios.js';
import { outgoingScenarios } from './outgoing-scenarios.js';
import { eventScenarios } from './event-scenarios.js';
import { waitUntil } from './runs.js';
import { restoringScenarios, offboardingScenarios, exampleWithShortGrace } from './offboarding-scenarios.js';
import { anOrder, exampleOf, withoutAdministrator } from './orders.js';
import { planScenarios } from './plan-scenarios.js';
import { rolloutScenarios } from './rollout-scenarios.js';
import { tenantScenarios } from './tenant-scenarios.js';
import { verifiedScenario } from './verified-scenario.js';

/** How many events a run has after its first workflow task. */
const EVENTS_OF_FIRST_TASK = 4;

/** A run to record: its name, its input, the fault of one call, and what happens around it. */
export type Scenario = [
  name: string,
  input: unknown,
  route?: string | undefined,
  fault?: Fault | undefined,
  around?: Surroundings,
];
interface Surroundings {
  /** A run that ends before it starts. */
  before?: readonly [operation: string, input: unknown];
  /** An offboarding that is in its grace period while it runs. */
  parallel?: readonly [operation: string, input: unknown];
  /** What people do while it runs. */
  meanwhile?: (handle: WorkflowHandle) => Promise<void>;
}

const exampleTenant = { name: 'Customer, Inc', customer_id: 'customer-inc' };
const exampleCustomer: Fixture = { tenants: [exampleTenant] };
const waiting = { login: 'JohnDoe', email: 'john.doe@example.com' };
const servedCustomer: Fixture = { tenants: [{ ...exampleTenant, edition: 'standard' }] };

const folder = { id: 'f01de400-0000-4000-8000-000000000001', name: 'A folder', kind: 'folder' };
const partner = { id: 'ba47e400-0000-4000-8000-000000000002', name: 'A partner', kind: 'partner' };
const partners: Fixture = { tenants: [{ ...folder, edition: 'pck_per_gigabyte' }, partner] };

/** The fixtures that the examples need: the customer of the first example, unless the operation creates it. */
export const fixtures: Readonly<Record<string, Fixture>> = {
  '': exampleCustomer,
  provisionCustomer: {},
  onboardCustomer: {
    machines: [
      {
        life: [
          { after: '2 seconds', do: 'register' },
          { after: '15 seconds', do: 'backup' },
        ],
      },
    ],
  },
  impersonateUser: { users: [waiting] },
  protectCustomer: { ...exampleCustomer, machines: [{ installAfter: '2 seconds' }] },
  resendActivation: { ...exampleCustomer, users: [{ ...waiting, tenant: exampleTenant.name }] },
  disableApplications: servedCustomer,
  switchEdition: servedCustomer,
  changeEntitlement: servedCustomer,
  updatePartner: partners,
  updatePartners: partners,
};

/** Scenarios of workflow types that no person starts. */
export const internalScenarios: Readonly<Record<string, Scenario[]>> = {
  cloudTrouble: [['happy', { cloud: 'default', type: 'Acronis.Unavailable', message: 'was away' }]],
  tenantTurn: [
    [
      'happy',
      null,
      undefined,
      undefined,
      {
        meanwhile: async (turn) => {
          await waitUntil(async () => (await turn.describe()).historyLength >= EVENTS_OF_FIRST_TASK);
          await turn.cancel();
        },
      },
    ],
  ],
  turnQueue: [
    [
      'granted-and-given-back',
      null,
      undefined,
      undefined,
      {
        meanwhile: async (queue) => {
          const place = 'tenant:7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
          const claim = { place, startedAt: 0, passes: false, quiet: true, earlier: [], found: [] };
          const runs = ['first', 'second'].map((workflowId) => ({ workflowId, runId: workflowId }));
          for (const run of runs) await queue.signal('claimTurn', { ...claim, ...run });
          for (const run of runs) await queue.signal('releaseTurn', { place, ...run });
          await waitUntil(async () => (await queue.query<unknown[]>('turns')).length === 0);
          await queue.terminate();
        },
      },
    ],
  ],
  brake: brakeScenarios,
  callBudget: callBudgetScenarios,
  noticeQueue: noticeQueueScenarios,
  rollout: rolloutScenarios,
  ...eventScenarios,
  ...outgoingScenarios,
  updatePartner: [
    ['happy', partnerUpdate(partner.id)],
    ['lost-answer', partnerUpdate(partner.id), 'PUT /tenants/{id}/offering_items', 'commit-then-drop'],
    ['refused', partnerUpdate('ba47e400-0000-4000-8000-000000000003')],
  ],
};

/** The example of an operation for a recording, with a short grace period. */
export function happyInput(operation: string): unknown {
  if (operation === 'offboardCustomer') return exampleWithShortGrace;
  // a machine is protected there already; others take ten minutes for a backup
  return operation === 'protectCustomer' ? { tenant: { name: 'Seeded Customer' } } : exampleOf(operation);
}

/** The scenarios of each operation, besides its example and an empty input. */
const scenarios: Readonly<Record<string, () => Scenario[]>> = {
  provisionCustomer: provisioningScenarios,
  addUser: addUserScenarios,
  enableBackupUser: backupUserScenarios,
  disableApplications: disableApplicationsScenarios,
  issueAgentToken: agentTokenScenarios,
  offboardCustomer: offboardingScenarios,
  produceReport: reportScenarios,
  provisionPartner: partnerScenarios,
  restoreCustomer: restoringScenarios,
  updatePartners: updatePartnersScenarios,
};

/** What is recorded of an operation besides its example and an empty input. */
export function scenariosOf(operation: string): Scenario[] {
  return scenarios[operation]?.() ?? planScenarios[operation] ?? tenantScenarios[operation] ?? [];
}

function provisioningScenarios(): Scenario[] {
  return [
    ['alone', withoutAdministrator(anOrder())],
    ['lost-answer', anOrder(), 'POST /tenants', 'commit-then-drop'],
    ['look-up-repeated', anOrder(), 'GET /users/check_login', { refuse: 503 }],
    ['undone', anOrder(), 'PUT /users/{id}/access_policies', { refuse: 403 }],
    ['refused', anOrder({ administrator: { login: 'taken.login' } })],
    ['cancelled', anOrder(), 'POST /users', { delay: 1500 }],
    verifiedScenario(),
  ];
}

function addUserScenarios(): Scenario[] {
  const user = { login: 'JaneRoe', email: 'jane.roe@example.com' };
  const order = { tenant: { customerId: 'customer-inc' }, user, role: 'backup_user', onFailure: 'undo' };
  return [
    ['undone', order, 'PUT /users/{id}/access_policies', { refuse: 403 }],
    ['refused', { ...order, user: { ...user, login: 'taken.login' } }],
  ];
}

function backupUserScenarios(): Scenario[] {
  const user = { login: 'JimDoe', email: 'jim.doe@example.com' };
  const order = { user, activation: { by: 'password', secretRef: 'env:JIM' }, onFailure: 'undo' };
  return [
    ['new-customer', { ...order, customer: { name: 'With backup' } }],
    ['undone', { ...order, tenant: { customerId: 'customer-inc' } }, 'POST /users/{id}/password', { refuse: 403 }],
  ];
}

function partnerScenarios(): Scenario[] {
  const administrator = { login: 'MaryMajor', email: 'mary.major@example.com' };
  const order = { partner: { name: 'Partner, Ltd' }, editions: 'all', administrator, onFailure: 'undo' };
  return [
    ['alone', { ...order, administrator: undefined }],
    ['lost-answer', order, 'POST /tenants', 'commit-then-drop'],
    ['undone', order, 'PUT /users/{id}/access_policies', { refuse: 403 }],
    ['refused', { ...order, administrator: { ...administrator, login: 'taken.login' } }],
    ['cancelled', order, 'PUT /tenants/{id}/offering_items', { delay: 1500 }],
  ];
}

function disableApplicationsScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, confirm: 'Customer, Inc', onFailure: 'undo' };
  return [
    ['nothing-to-do', { ...order, except: ['backup'] }],
    ['refused', { ...order, except: ['bakcup'] }],
    ['left-over', order, 'DELETE /applications/{id}/bindings/tenants/{id}', { lostThen: { refuse: 403 } }],
  ];
}

function agentTokenScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, onFailure: 'undo' };
  const route = 'POST /tenants/{id}/registration_tokens';
  return [
    ['lost-answer', order, route, 'commit-then-drop'],
    ['undone', order, route, { lostThen: { refuse: 403 } }],
  ];
}

function partnerUpdate(tenantId: string) {
  const update = { cloud: 'default', tenantId, parentTenantId: folder.id, to: { editions: 'all' } };
  return { ...update, name: partner.name, turnWithin: '15 minutes' };
}

function updatePartnersScenarios(): Scenario[] {
  const to = { edition: 'pck_per_gigabyte' };
  return [
    ['one-refused', { to }, 'PUT /tenants/{id}/offering_items', { refuse: 403 }],
    ['refused', { to: { edition: 'advanced' }, onFailure: 'undo' }],
  ];
}

function reportScenarios(): Scenario[] {
  const order = { ...(exampleOf('produceReport') as object), onFailure: 'undo' };
  return [
    ['skus', exampleOf('produceSkuReport')],
    ['lost-answer', order, 'POST /reports', 'commit-then-drop'],
    ['undone', order, 'GET /reports/{id}/stored', { refuse: 403 }],
    ['refused', { ...order, tenant: { customerId: 'customer-inc' }, level: 'direct_partners' }],
    ['cancelled', order, 'POST /reports', { delay: 1500 }],
  ];
}
