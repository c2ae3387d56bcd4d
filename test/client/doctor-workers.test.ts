import { describe, expect, test } from '@jest/globals';
import { checkPollers } from '../../client/cli/doctor/workers.js';

const now = Date.parse('2026-11-28T12:00:00Z');
const polling = (identity: string, ago: number) => ({ identity, lastAccessTime: { seconds: now / 1000 - ago } });
const check = (...pollers: ReturnType<typeof polling>[]) =>
  checkPollers(pollers, { taskQueue: 'tenantry', version: '0.1.0', now });

describe('doctor reports on the workers', () => {
  test('how many poll, and when each was last seen', () => {
    const { state, message } = check(polling('tenantry@0.1.0 1@here', 41), polling('tenantry@0.1.0 2@here', 3));

    expect(state).toBe('ok');
    expect(message).toContain('2 on task queue tenantry, last seen 3, 41 s ago');
  });

  test('no worker that has been silent for longer than a waiting one', () => {
    const { state, message } = check(polling('tenantry@0.0.9 1@here', 120), polling('tenantry@0.1.0 2@here', 3));

    expect(state).toBe('ok');
    expect(message).toContain('1 on task queue');
  });

  test('that none polls, and when the last was seen', () => {
    expect(check(polling('tenantry@0.1.0 1@here', 200))).toMatchObject({
      state: 'fail',
      message: expect.stringContaining('the last was seen 200 s ago'),
      remedy: expect.stringContaining('tenantry worker'),
    });
  });

  test('which are of another version', () => {
    expect(check(polling('tenantry@0.0.9 1@here', 9))).toMatchObject({
      state: 'warn',
      message: expect.stringContaining('tenantry@0.0.9 1@here'),
    });
  });
});
