import { describe, expect, test } from '@jest/globals';
import { factOfRow } from '../../catalogue/imported-rows.js';
import type { CustomerEvent, CustomerStatus } from '../../contract/customers.js';
import type { ImportedRow } from '../../contract/imported-rows.js';
import { temporal } from '../support/customers-in-rollouts.js';

const rowOf = (ref: string): ImportedRow => ({
  customer: { ref, name: 'Customer' },
  subscription: { ref, items: [{ plan: 'desktop' }], state: 'active' },
});

describe('a customer with a row', () => {
  const row = rowOf('C-1');
  const rows = {
    source: 'csv',
    place: 'memory:/imports/x.rows',
    sha256: 'x',
    at: '2026-11-30T10:00:00.000Z',
  };
  const fact = factOfRow(row, rows);
  const event = (id: string, source = 'csv'): CustomerEvent => {
    return { source, id, type: 'row', at: rows.at, outcome: 'applied' };
  };
  const older = event(factOfRow({ ...row, customer: { ref: 'C-1', name: 'Former' } }, rows).event.id);
  const earlier = event(factOfRow(row, { ...rows, at: '2026-11-01T10:00:00.000Z' }).event.id);
  const importOf = async (status: Partial<CustomerStatus> | undefined, again = false) => {
    const importedRows = { read: async () => new Map([['C-1', row]]), forget: async () => undefined };
    const { told, sent, run } = temporal(async () => undefined, { status, importedRows });
    const customers = [{ ref: 'C-1', ...(again && { again }) }];
    return {
      outcomes: await run({ action: 'import', rows, customers }),
      told,
      updates: sent.map(({ update }) => update),
    };
  };

  test.each<[string, Partial<CustomerStatus> | undefined]>([
    ['of whom nobody has heard', undefined],
    ['whose newest row is another one', { state: 'steady', events: [earlier, older] }],
    ['whose row was ignored', { state: 'steady', events: [{ ...earlier, outcome: 'ignored' }] }],
    ['who has the same from another source', { state: 'steady', events: [{ ...earlier, source: 'csv-2' }] }],
  ])('%s hears of it, and is acted for', async (_who, status) => {
    expect(await importOf(status)).toEqual({ outcomes: [], told: [[fact]], updates: ['act'] });
  });

  test('that has its row already hears nothing, and has come out if it has', async () => {
    const events = [older, earlier, event('evt', 'shop')];

    expect(await importOf({ state: 'steady', events })).toEqual({
      outcomes: [{ ref: 'C-1', outcome: 'done', state: 'steady' }],
      told: [],
      updates: [],
    });
    expect(await importOf({ state: 'observed', events })).toEqual({ outcomes: [], told: [], updates: ['act'] });
    expect(await importOf({ state: 'blocked', events }, true)).toEqual({
      outcomes: [],
      told: [],
      updates: ['act', 'converge'],
    });
  });

  test('that no worker can read fails in the end, and says what is to be done', async () => {
    const importedRows = {
      read: async () => await Promise.reject(new Error('ENOENT')),
      forget: async () => undefined,
    };
    const { run } = temporal(async () => undefined, { importedRows });
    const customers = [{ ref: 'C-1' }];

    await expect(run({ action: 'import', rows, customers }, 7)).rejects.toThrow('ENOENT');
    expect(await run({ action: 'import', rows, customers }, 8)).toEqual([
      {
        ref: 'C-1',
        outcome: 'failed',
        why: 'its row cannot be read from memory:/imports/x.rows: ENOENT; give this command and all workers one artefact store',
      },
    ]);
  });
});
