import { describe, expect, test } from '@jest/globals';
import { blockedNote, viewOf } from '../../client/view.js';
import type { OperationStatus } from '../../contract/status.js';

describe('a run that waits for its cloud', () => {
  test.each([
    ['Acronis.Unavailable', 'goes on by itself when the cloud is back, or'],
    [
      'Acronis.Credentials',
      'goes on by itself once you give the workers ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET (',
    ],
    [
      'Tenantry.UnknownCloud',
      'goes on by itself once you start a worker whose file TENANTRY_CLOUDS names the cloud, or',
    ],
  ])('because of %s says what ends that', (type, sentence) => {
    const blocked = {
      step: 'checkLogin',
      type,
      message: 'no',
      since: 'noon',
      choices: [],
      waitsForCloud: true,
    } as const;

    expect(blockedNote('some:run', { ...blocked, choices: [] }).text).toContain(
      `waits at checkLogin since noon; ${sentence}`,
    );
  });
});

describe('a status', () => {
  const common = { operation: 'lockTenant', id: 'some:run', steps: [], startedAt: 'noon', updatedAt: 'one' };
  const blocked = { step: 'lockTenant', type: 'Acronis.Taken', message: 'no', since: 'noon', choices: [] };
  const view = (status: object) => viewOf({ ...common, ...status } as unknown as OperationStatus);

  test.each([
    [{ state: 'running' }, 'since noon'],
    [{ state: 'blocked', blocked }, 'since noon'],
    [{ state: 'cancelled', reason: { type: 'Cancelled', message: 'no' } }, 'from noon to one'],
  ])('has an end only once the run has ended: %j', (status, sentence) => {
    expect(view(status).facts).toEqual([sentence]);
  });

  test('says when nothing had to be changed', () => {
    const completed = { state: 'completed', apiCalls: 2, adopted: [] };

    expect(view({ ...completed, changed: false }).headline).toBe(
      'lockTenant some:run completed; nothing had to be changed',
    );
    expect(view({ ...completed, changed: true }).headline).toBe('lockTenant some:run completed');
  });
});
