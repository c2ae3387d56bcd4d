import { describe, expect, test } from '@jest/globals';
import type { RunStatus } from '../../../contract/children.js';
import type { IntendedOperation } from '../../../contract/customers.js';
import { agreement, type AppliedTenant } from '../../../workflows/customer/intention.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { afterCompletion, afterFailure } from '../../../workflows/customer/outcome.js';
import { noProgress, situationOf, type Progress } from '../../../workflows/customer/progress.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { DAY, fact, START } from './facts.js';

const NOW = Date.UTC(2026, 0, 1);
const tenant: AppliedTenant = {
  tenantId: 't1',
  exists: true,
  enabled: true,
  name: 'Customer, Inc',
  contact: { email: 'it@customer.example' },
  offeringItems: ['storage', 'workstations'],
  quotas: { workstations: { limit: 1 }, storage: { limit: '10 GiB' } },
  billingMode: 'trial',
};
const progress: Progress = { ...noProgress(), acts: true, tenant };
const current = (operation: string, input: object = {}) => {
  const intended: IntendedOperation = { operation, why: 'because', input };
  return { id: `${operation}:C-1`, intended };
};
const ended = (state: string, more: object = {}) => ({ state, tenantId: 't1', ...more }) as unknown as RunStatus;
type Completed = Extract<RunStatus, { state: 'completed' }>;
const completed = (operation: string, input: object, more: object = {}, before: Progress = progress) =>
  afterCompletion(before, {
    current: current(operation, input),
    status: ended('completed', more) as Completed,
    now: NOW,
  });

const paid = wantedOf([fact(1)].reduce(merge, emptyLedger()), START + 2 * DAY);
const nextOf = (after: Progress) => nextOperation(situationOf({ ref: 'C-1' }, after, paid));

describe('a run that was to disable the tenant and did not complete', () => {
  test.each(['disableTenant', 'offboardCustomer'])('%s: a customer that pays is enabled in any case', (operation) => {
    for (const isCancelled of [true, undefined]) {
      const run = { ...current(operation), ...(isCancelled && { isCancelled }) };
      const after = afterFailure(progress, { current: run, status: ended('failed'), now: NOW, wanted: '' });
      expect(nextOf(after)).toMatchObject({ operation: 'enableTenant' });
      expect(nextOf(completed('enableTenant', {}, {}, after))).toEqual({ kind: 'nothing' });
    }
  });

  test('is not forgotten when another operation completes first', () => {
    const failed = afterFailure(progress, {
      current: current('disableTenant'),
      status: ended('failed'),
      now: NOW,
      wanted: '',
    });
    expect(completed('updateContact', { name: 'New' }, {}, failed)).toMatchObject({ mayBeDisabled: true });
  });
});

describe('a yes', () => {
  const agreed = { create: 'yes', offboard: 'yes', 'quotas.workstations': 'yes', 'quotas.storage': 'yes' };
  const left = (operation: string, input: object = {}) =>
    Object.keys(completed(operation, input, {}, { ...progress, agreed }).agreed);

  test('is used up by the operation that it was for, and by no other', () => {
    expect(left('disableTenant')).toEqual(Object.keys(agreed));
    expect(left('provisionCustomer')).not.toContain('create');
    expect(left('offboardCustomer')).not.toContain('offboard');
    expect(left('changeEntitlement', { quotas: { storage: { limit: '1 GiB' } } })).not.toContain('quotas.storage');
  });

  test('to the end of a customer stays when the end was refused, and not when a person has stopped it', () => {
    const after = (type: string) =>
      afterFailure(
        { ...progress, agreed },
        { current: current('offboardCustomer'), status: ended('failed', { reason: { type } }), now: NOW, wanted: '' },
      );
    expect(after('Refused').agreed).toHaveProperty('offboard');
    expect(after('Undone').agreed).not.toHaveProperty('offboard');
  });
});

describe('a restore that did not complete', () => {
  test.each([true, undefined])('leaves the deleted tenant restorable (cancelled: %s)', (isCancelled) => {
    const gone = { tenant, isRestorable: true };
    const run = { ...current('restoreCustomer'), ...(isCancelled && { isCancelled }) };
    const after = afterFailure(
      { ...noProgress(), acts: true, gone },
      { current: run, status: ended('failed'), now: NOW, wanted: '' },
    );
    expect(after.gone).toEqual(gone);
    expect(after.troubles).toHaveLength(isCancelled ? 0 : 1);
  });
});

describe('what an operation could not do', () => {
  const notDone = [{ field: 'quotas.workstations', why: '10 is less than the 15 in use' }];

  test('is set aside for the value that was ordered, whatever is wanted by then', () => {
    const { setAside } = completed('changeEntitlement', { quotas: { workstations: { limit: 10 } } }, { notDone });
    expect(setAside['quotas.workstations']).toMatchObject({ wanted: agreement({ limit: 10 }) });
  });

  test('stays as it was applied, also an item without a quota', () => {
    const unlimited = { ...progress, tenant: { ...tenant, quotas: {} } };
    const order = { quotas: { workstations: { limit: 10 }, storage: { limit: '1 GiB' } } };
    expect(completed('changeEntitlement', order, { notDone }).tenant!.quotas).toEqual({
      workstations: { limit: 1 },
      storage: { limit: '1 GiB' },
    });
    expect(completed('changeEntitlement', order, { notDone }, unlimited).tenant!.quotas).toEqual({
      storage: { limit: '1 GiB' },
    });
  });
});

test('what the cloud has shown stays known, with what has been changed since', () => {
  const { exists: _exists, ...is } = tenant;
  const seen = { at: 'then', tenant: { ...is, kind: 'customer', name: 'By hand', enabled: true } };
  const after = completed('changeEntitlement', { quotas: { workstations: { limit: 40 } } }, {}, { ...progress, seen });
  expect(after.seen).toMatchObject({
    at: 'then',
    tenant: { kind: 'customer', name: 'By hand', quotas: { workstations: { limit: 40 } } },
  });
});
