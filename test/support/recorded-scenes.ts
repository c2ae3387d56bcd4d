import type { WorkflowHandle } from '@temporalio/client';
import type { Fault, Fixture } from '../../simulator/index.js';
import { expectSoon } from './desk.js';
import { comingBack, leaving, shortly } from './leaving-scenes.js';
import { anOrder, exampleOf } from './orders.js';
import { planScenes } from './plan-scenes.js';
import { reportScenes } from './report-scenes.js';

/** How many events a run has when it has done its first task. */
const AFTER_ITS_FIRST_TASK = 4;

/** A run to be recorded: its name, its input, what befalls one call of it, and what happens besides. */
export type Scene = [
  name: string,
  input: unknown,
  route?: string | undefined,
  fault?: Fault | undefined,
  besides?: Besides,
];
interface Besides {
  /** Which run went before it. */
  before?: readonly [operation: string, input: unknown];
  /** Which offboarding is in its grace. */
  beside?: readonly [operation: string, input: unknown];
  /** What people do while it runs. */
  meanwhile?: (handle: WorkflowHandle) => Promise<void>;
}

const exampleTenant = { name: 'Customer, Inc', customer_id: 'customer-inc' };
const exampleCustomer: Fixture = { tenants: [exampleTenant] };
const servedCustomer: Fixture = { tenants: [{ ...exampleTenant, edition: 'standard' }] };

const folder = { id: 'f01de400-0000-4000-8000-000000000001', name: 'A folder', kind: 'folder' };
const partner = { id: 'ba47e400-0000-4000-8000-000000000002', name: 'A partner', kind: 'partner' };
const partners: Fixture = { tenants: [{ ...folder, edition: 'pck_per_gigabyte' }, partner] };

/** The world in which the examples can be run: the customer of the first example, except where that is what is made. */
export const prepared: Readonly<Record<string, Fixture>> = {
  '': exampleCustomer,
  provisionCustomer: {},
  impersonateUser: { users: [{ login: 'JohnDoe', email: 'john.doe@example.com' }] },
  disableApplications: servedCustomer,
  switchEdition: servedCustomer,
  updatePartner: partners,
  updatePartners: partners,
};

/** Workflow types that no person starts, and with what they are recorded. */
export const internal: Readonly<Record<string, Scene[]>> = {
  cloudTrouble: [['happy', { cloud: 'default', type: 'Acronis.Unavailable', message: 'was away' }]],
  tenantTurn: [
    [
      'happy',
      null,
      undefined,
      undefined,
      {
        meanwhile: async (turn) => {
          await expectSoon(async () => (await turn.describe()).historyLength >= AFTER_ITS_FIRST_TASK);
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
          await expectSoon(async () => (await queue.query<unknown[]>('turns')).length === 0);
          await queue.terminate();
        },
      },
    ],
  ],
  updatePartner: [
    ['happy', updating(partner.id)],
    ['lost-answer', updating(partner.id), 'PUT /tenants/{id}/offering_items', 'commit-then-drop'],
    ['refused', updating('ba47e400-0000-4000-8000-000000000003')],
  ],
};

/** The example of an operation as it is recorded: nobody waits a month for it. */
export function happyInput(operation: string): unknown {
  return operation === 'offboardCustomer' ? shortly : exampleOf(operation);
}

/** What is recorded of an operation besides its example and an empty input. */
export function scenesOf(operation: string): Scene[] {
  if (operation === 'provisionCustomer') return provisioning();
  if (operation === 'addUser') return adding();
  if (planScenes[operation] !== undefined) return planScenes[operation];
  if (operation === 'enableBackupUser') return backingUp();
  if (operation === 'disableApplications') return withoutApplications();
  if (operation === 'issueAgentToken') return issuing();
  if (operation === 'offboardCustomer') return leaving();
  if (operation === 'produceReport') return reportScenes();
  if (operation === 'provisionPartner') return partnering();
  if (operation === 'switchEdition') return otherEdition();
  if (operation === 'updatePartners') return toSome();
  if (operation === 'restoreCustomer') return comingBack();
  if (operation === 'switchToProduction') return confirmed();
  return operation === 'disableTenant' ? switching() : [];
}

function provisioning(): Scene[] {
  return [
    ['lost-answer', anOrder(), 'POST /tenants', 'commit-then-drop'],
    ['look-up-repeated', anOrder(), 'GET /users/check_login', { refuse: 503 }],
    ['undone', anOrder(), 'PUT /users/{id}/access_policies', { refuse: 403 }],
    ['refused', anOrder({ administrator: { login: 'taken.login' } })],
    ['cancelled', anOrder(), 'POST /users', { delay: 1500 }],
  ];
}

function adding(): Scene[] {
  const user = { login: 'JaneRoe', email: 'jane.roe@example.com' };
  const order = { tenant: { customerId: 'customer-inc' }, user, role: 'backup_user', onFailure: 'undo' };
  return [
    ['undone', order, 'PUT /users/{id}/access_policies', { refuse: 403 }],
    ['refused', { ...order, user: { ...user, login: 'taken.login' } }],
  ];
}

function backingUp(): Scene[] {
  const user = { login: 'JimDoe', email: 'jim.doe@example.com' };
  const order = { user, activation: { by: 'password', secretRef: 'env:JIM' }, onFailure: 'undo' };
  return [
    ['new-customer', { ...order, customer: { name: 'With backup' } }],
    ['undone', { ...order, tenant: { customerId: 'customer-inc' } }, 'POST /users/{id}/password', { refuse: 403 }],
  ];
}

function partnering(): Scene[] {
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

function switching(): Scene[] {
  const order = { tenant: { customerId: 'customer-inc' }, onFailure: 'undo' };
  return [
    ['refused', { tenant: { name: 'Nobody' } }],
    ['undone', order, 'PUT /tenants/{id}', { lostThen: { refuse: 403 } }],
    ['cancelled', order, 'PUT /tenants/{id}', { delay: 1500 }],
  ];
}

function confirmed(): Scene[] {
  const order = { tenant: { customerId: 'customer-inc' }, confirm: 'Customer, Inc', onFailure: 'undo' };
  return [
    ['refused', { ...order, confirm: 'Customer' }],
    ['left-over', order, 'PUT /tenants/{id}/pricing', { lostThen: { refuse: 403 } }],
  ];
}

function otherEdition(): Scene[] {
  const tenant = { customerId: 'customer-inc' };
  const order = { tenant, to: 'pck_per_gigabyte', acceptWarnings: true, onFailure: 'undo' };
  return [
    ['item-by-item', { ...order, method: 'offeringItems' }],
    ['nothing-to-do', { ...order, to: 'standard' }],
    ['refused', { ...order, acceptWarnings: false }],
    ['undone', order, 'PUT /tenants/{id}/edition', { lostThen: { refuse: 403 } }],
  ];
}

function withoutApplications(): Scene[] {
  const order = { tenant: { customerId: 'customer-inc' }, confirm: 'Customer, Inc', onFailure: 'undo' };
  return [
    ['nothing-to-do', { ...order, except: ['backup'] }],
    ['refused', { ...order, except: ['bakcup'] }],
    ['left-over', order, 'DELETE /applications/{id}/bindings/tenants/{id}', { lostThen: { refuse: 403 } }],
  ];
}

function issuing(): Scene[] {
  const order = { tenant: { customerId: 'customer-inc' }, onFailure: 'undo' };
  const route = 'POST /tenants/{id}/registration_tokens';
  return [
    ['lost-answer', order, route, 'commit-then-drop'],
    ['undone', order, route, { lostThen: { refuse: 403 } }],
  ];
}

function updating(tenantId: string) {
  const update = { cloud: 'default', tenantId, parentTenantId: folder.id, to: { editions: 'all' } };
  return { ...update, name: partner.name, turnWithin: '15 minutes' };
}

function toSome(): Scene[] {
  const to = { edition: 'pck_per_gigabyte' };
  return [
    ['one-refused', { to }, 'PUT /tenants/{id}/offering_items', { refuse: 403 }],
    ['refused', { to: { edition: 'advanced' }, onFailure: 'undo' }],
  ];
}
