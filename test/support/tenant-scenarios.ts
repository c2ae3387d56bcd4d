import { exampleOf } from './orders.js';
import type { Scenario } from './recorded-scenarios.js';

/** Scenarios of the operations that do one thing in an existing tenant. */
export const tenantScenarios: Readonly<Record<string, Scenario[]>> = {
  changeEntitlement: entitlementScenarios(),
  disableTenant: disableTenantScenarios(),
  resendActivation: resendActivationScenarios(),
  switchEdition: switchEditionScenarios(),
  switchToProduction: productionScenarios(),
  updateContact: updateContactScenarios(),
};

function entitlementScenarios(): Scenario[] {
  const route = 'PUT /tenants/{id}/offering_items';
  const order = { ...(exampleOf('changeEntitlement') as object), onFailure: 'undo' };
  return [
    ['nothing-to-do', { ...order, offeringItems: undefined, quotas: {}, remove: ['servers'] }],
    ['lost-answer', order, route, 'commit-then-drop'],
    ['refused', { ...order, offeringItems: ['boats'] }],
    ['undone', order, route, { lostThen: { refuse: 403 } }],
    ['cancelled', order, route, { delay: 1500 }],
  ];
}

function disableTenantScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, onFailure: 'undo' };
  return [
    ['refused', { tenant: { name: 'Nobody' } }],
    ['undone', order, 'PUT /tenants/{id}', { lostThen: { refuse: 403 } }],
    ['cancelled', order, 'PUT /tenants/{id}', { delay: 1500 }],
  ];
}

function resendActivationScenarios(): Scenario[] {
  const user = { login: 'JohnDoe' };
  const route = 'POST /users/{id}/send-activation-email';
  return [
    ['by-login', { user }],
    ['lost-answer', { user }, route, 'commit-then-drop'],
    ['refused', { user: { login: 'Nobody' } }],
    ['left-over', { user, onFailure: 'undo' }, route, { lostThen: { refuse: 403 } }],
  ];
}

function switchEditionScenarios(): Scenario[] {
  const tenant = { customerId: 'customer-inc' };
  const order = { tenant, to: 'pck_per_gigabyte', acceptWarnings: true, onFailure: 'undo' };
  return [
    ['item-by-item', { ...order, method: 'offeringItems' }],
    ['nothing-to-do', { ...order, to: 'standard' }],
    ['refused', { ...order, acceptWarnings: false }],
    ['undone', order, 'PUT /tenants/{id}/edition', { lostThen: { refuse: 403 } }],
  ];
}

function productionScenarios(): Scenario[] {
  const order = { tenant: { customerId: 'customer-inc' }, confirm: 'Customer, Inc', onFailure: 'undo' };
  return [
    ['refused', { ...order, confirm: 'Customer' }],
    ['left-over', order, 'PUT /tenants/{id}/pricing', { lostThen: { refuse: 403 } }],
  ];
}

function updateContactScenarios(): Scenario[] {
  const order = { ...(exampleOf('updateContact') as object), name: 'Customer International, Inc', onFailure: 'undo' };
  return [
    ['lost-answer', order, 'PUT /tenants/{id}', 'commit-then-drop'],
    ['refused', { ...order, tenant: { name: 'Nobody' } }],
    ['undone', order, 'PUT /tenants/{id}', { lostThen: { refuse: 403 } }],
    ['cancelled', order, 'PUT /tenants/{id}', { delay: 1500 }],
  ];
}
