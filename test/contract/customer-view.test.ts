import { describe, expect, test } from '@jest/globals';
import { customerViewOf } from '../../contract/customer-view.js';
import { LOOKS_EXISTING, type CustomerStatus } from '../../contract/customers.js';

const tenantId = 'dcd869e8-53c1-4a0e-8a54-0a3f2b6c7d10';
const status = (more: Partial<CustomerStatus>): CustomerStatus => ({
  ref: 'C 1',
  cloud: 'eu',
  state: 'blocked',
  subscriptions: [],
  wanted: { exists: true, enabled: true, offeringItems: [], quotas: {}, billingMode: 'trial' },
  milestones: { provisioned: null, activated: null, agentOnline: null, planApplied: null, protected: null },
  events: [],
  runs: [],
  ...more,
});
const linesOf = (more: Partial<CustomerStatus>) => {
  const { doing, following } = customerViewOf(status(more));
  return [...doing, ...following].map(({ text, details }) => [text, ...details]);
};

describe('a customer that needs a person says what to type', () => {
  test('where questions are open, each of which is said once', () => {
    const why = 'it falls from 500 GiB to 200 GiB';
    const notDone = ['quotas.storage', 'quotas.workstations'].map((field) => ({ field, why }));
    const message = notDone.map(({ field }) => `${field}: ${why}`).join('; ');

    expect(linesOf({ blocked: { type: 'Tenantry.Asks', message }, notDone })).toEqual([
      [
        `blocked: ${message}`,
        `tenantry customer converge 'C 1' --fields quotas.storage quotas.workstations --reason "…" --cloud eu`,
      ],
    ]);
  });

  test('where it may be a tenant that exists', () => {
    const waitingFor = `${LOOKS_EXISTING}: Bakery (${tenantId}, the same name) may be this customer already.`;

    expect(linesOf({ state: 'waiting', waitingFor })).toEqual([
      [
        `waits for ${waitingFor}`,
        `tenantry customer adopt 'C 1' --tenant ${tenantId} --reason "…" --cloud eu`,
        `tenantry customer converge 'C 1' --create --reason "…" --cloud eu`,
      ],
    ]);
  });

  test('and what is left undone without a question has no command', () => {
    const notDone = [{ field: 'offeringItems.x', why: 'the plan is gone' }];

    expect(linesOf({ state: 'steady', notDone })).toEqual([['needs a person: offeringItems.x: the plan is gone']]);
  });
});
