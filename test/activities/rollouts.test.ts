import { describe, expect, test } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { outcomeOf } from '../../activities/rollouts.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { temporal } from '../support/customers-in-rollouts.js';

const wouldDo = { operation: 'provisionCustomer', why: 'it is sold', input: {} };

describe('what a rollout asks of a customer', () => {
  test('is to act, and to try again only if it has failed before', async () => {
    const { sent, run } = temporal(async () => undefined);

    expect(await run({ cloud: 'eu', customers: [{ ref: 'C-1' }, { ref: 'C-2', again: true }] })).toEqual([]);

    const request = { actor: 'ann', reason: 'reviewed' };
    expect(
      sent.toSorted((one, other) => `${one.id} ${one.update}`.localeCompare(`${other.id} ${other.update}`)),
    ).toEqual([
      { id: 'customer:eu:C-1', update: 'act', request: { ...request, rollout: 'rollout:act' } },
      { id: 'customer:eu:C-2', update: 'act', request: { ...request, rollout: 'rollout:act' } },
      { id: 'customer:eu:C-2', update: 'converge', request: { ...request, rollout: 'rollout:act' } },
    ]);
  });

  test('is to take these versions of its plans; one that is only observed has its turn then', async () => {
    const plans = [{ source: 'shop', plan: 'desktop', digest: 'd1' }];
    const { sent, run } = temporal(async (id) => ({
      plans: ['desktop'],
      ...(id.endsWith('C-1') && { observed: true }),
    }));

    const customers = [{ ref: 'C-1', again: true as const }, { ref: 'C-2' }, { ref: 'C-3', again: true as const }];
    expect(await run({ action: 'applyPlans', rollout: 'rollout:applyPlans', plans, customers })).toEqual([
      { ref: 'C-1', outcome: 'skipped', state: 'observed', why: 'it is only observed: nothing is done for it' },
    ]);

    const request = { actor: 'ann', reason: 'reviewed', rollout: 'rollout:applyPlans' };
    expect(sent.map(({ id, update, request: given }) => [id, update, given])).toEqual([
      ['customer:C-1', 'applyPlans', { ...request, plans }],
      ['customer:C-2', 'applyPlans', { ...request, plans }],
      ['customer:C-3', 'applyPlans', { ...request, plans }],
      ['customer:C-3', 'converge', request],
    ]);
  });

  test('fails for this customer alone when it is refused, or when there is none', async () => {
    const { run } = temporal(async (id) => {
      if (id.endsWith('C-1'))
        throw new WorkflowUpdateFailedError('refused', ApplicationFailure.nonRetryable('not now', 'DecisionRefused'));
      if (id.endsWith('C-2')) throw new WorkflowNotFoundError('no such workflow', id, undefined);
    });

    expect(await run({ customers: [{ ref: 'C-1' }, { ref: 'C-2' }, { ref: 'C-3' }] })).toEqual([
      { ref: 'C-1', outcome: 'failed', why: 'not now' },
      { ref: 'C-2', outcome: 'failed', why: expect.stringContaining('no source has spoken of this customer') },
    ]);
  });

  test('that takes long to answer lets the worker say that it lives', async () => {
    let beat!: () => void;
    const beaten = new Promise<void>((resolve) => (beat = resolve));
    const { run } = temporal(async () => await beaten);

    expect(await run({ customers: [{ ref: 'C-1' }] }, 1, beat)).toEqual([]);
  });

  test('is repeated while it does not answer, and fails for it in the end, so that the others go on', async () => {
    const { run } = temporal(async () => {
      throw new Error('deadline exceeded');
    });

    await expect(run({ customers: [{ ref: 'C-1' }] }, 2)).rejects.toThrow('deadline exceeded');
    expect(await run({ customers: [{ ref: 'C-1' }] }, 3)).toEqual([
      { ref: 'C-1', outcome: 'failed', why: 'it does not answer: deadline exceeded' },
    ]);
  });
});

describe('a customer', () => {
  const halt = { actor: 'ann', reason: 'on holiday', since: '2026-01-01T00:00:00.000Z' };
  test.each<[string, Partial<CustomerStatus>]>([
    ['has not noticed yet', { state: 'observed' }],
    ['has facts that nobody has read', { state: 'waiting', unread: 1 }],
    ['is on its way', { state: 'converging' }],
    ['waits for the brake', { state: 'waiting', wouldDo, waitingFor: 'the brake, which has not granted it yet' }],
    ['tries again by itself', { state: 'blocked', blocked: { type: 'Acronis.Unavailable', message: 'away' } }],
  ])('that %s is under way', (_what, status) => {
    expect(outcomeOf(status as CustomerStatus)).toBeUndefined();
  });

  test.each<[string, Partial<CustomerStatus>, string | undefined]>([
    ['steady', { state: 'steady' }, undefined],
    ['suspended, because nobody pays', { state: 'suspended' }, undefined],
    ['leaving, which can take months', { state: 'ending' }, undefined],
    ['gone, because nothing is sold', { state: 'ended' }, undefined],
    ['without a tenant, and needs none', { state: 'waiting' }, 'nothing is sold that needs a tenant'],
  ])('that is %s is done', (_what, status, why) => {
    const done = { outcome: 'done', state: status.state, ...(why !== undefined && { why }) };
    expect(outcomeOf(status as CustomerStatus)).toEqual(done);
  });

  test.each<[string, Partial<CustomerStatus>, string]>([
    ['lacks a name', { state: 'waiting', waitingFor: 'name of the customer' }, 'it waits for name of the customer'],
    [
      'looks like an existing tenant',
      { state: 'waiting', wouldDo, waitingFor: 'looksExisting: Old may be this customer already' },
      'it waits for looksExisting: Old may be this customer already',
    ],
    [
      'has a subscription that another customer claims',
      { state: 'waiting', wouldDo, waitingFor: 'moved: C-1 has shop/sub_1' },
      'it waits for moved: C-1 has shop/sub_1',
    ],
    [
      'has a run that failed, even if its cloud was away',
      { state: 'blocked', blocked: { type: 'Acronis.Unavailable', message: 'away', run: 'provisionCustomer:C-1' } },
      'provisionCustomer:C-1: away',
    ],
    [
      'has a question',
      { state: 'blocked', blocked: { type: 'Tenantry.Asks', message: 'suspend: late' } },
      'suspend: late',
    ],
  ])('that %s has failed', (_what, status, why) => {
    expect(outcomeOf(status as CustomerStatus)).toEqual({ outcome: 'failed', state: status.state, why });
  });

  test('that has just heard something else than its blocked run knew has a minute to stop that run', () => {
    const blocked = {
      type: 'Acronis.Taken',
      message: 'taken',
      run: 'provisionCustomer:C-1',
      since: '2026-11-30T10:00:00.000Z',
    };
    const outcomeAfter = (at: string, now: string) => {
      const events = [{ source: 'csv', id: 'row-1', type: 'row', at, outcome: 'recorded' }];
      return outcomeOf({ state: 'blocked', blocked, events } as unknown as CustomerStatus, Date.parse(now))?.outcome;
    };

    expect(outcomeAfter('2026-11-30T10:05:00.000Z', '2026-11-30T10:05:59.000Z')).toBeUndefined();
    expect(outcomeAfter('2026-11-30T10:05:00.000Z', '2026-11-30T10:06:01.000Z')).toBe('failed');
    expect(outcomeAfter('2026-11-30T09:59:59.000Z', '2026-11-30T10:00:01.000Z')).toBe('failed');
  });

  test('that a person has paused is skipped', () => {
    const skipped = { outcome: 'skipped', state: 'paused', why: 'ann (not verified) has paused it: on holiday' };
    expect(outcomeOf({ state: 'paused', paused: halt } as CustomerStatus)).toEqual(skipped);
  });
});
