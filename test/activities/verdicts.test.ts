import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { failureTypeOf, toFailure, UnknownCloud, type AttemptMemory } from '../../activities/failures.js';
import { AcronisError, type AcronisErrorKind } from '../../acronis/index.js';

const MINUTE_MS = 60_000;
const AGAIN_MS = 15 * MINUTE_MS;
const BEGAN = 1_000_000;
const nothingYet = (): AttemptMemory => ({ apiCalls: 0, failures: {} });

/** The verdict on the last of some failures: the first is at `BEGAN`, the last this much later. */
function verdict(error: unknown, { times = 1, afterMs = 0, againMs = AGAIN_MS, memory = nothingYet() } = {}) {
  let failure: unknown;
  for (let attempt = 1; attempt <= times; attempt += 1)
    failure = toFailure(error, memory, {
      attempt,
      scheduledAt: 0,
      now: BEGAN + (attempt === times ? afterMs : 0),
      againMs,
    });
  const { nonRetryable, type, nextRetryDelay, message, details } = failure as ApplicationFailure;
  return { again: nonRetryable !== true, type, delay: nextRetryDelay, message, details };
}

function error(kind: AcronisErrorKind, facts: Partial<AcronisError['facts']> = {}): AcronisError {
  return new AcronisError(kind, 'tenants.get', { route: 'GET /tenants/{id}', ...facts });
}

test.each([
  ['unavailable', 'Acronis.Unavailable', true],
  ['throttled', 'Acronis.Throttled', true],
  ['conflict', 'Acronis.Conflict', true],
  ['not-found', 'Acronis.NotFound', true],
  ['unreadable', 'Acronis.Unreadable', true],
  ['credentials', 'Acronis.Credentials', true],
  ['taken', 'Acronis.Taken', false],
  ['forbidden', 'Acronis.Forbidden', false],
  ['quota', 'Acronis.Quota', false],
  ['rejected', 'Acronis.Rejected', false],
] as const)('an answer of the kind %s is %s, and whether it is tried again: %s', (kind, type, again) => {
  expect(verdict(error(kind))).toMatchObject({ type, again });
  expect(failureTypeOf(error(kind))).toBe(type);
});

describe('a failure that may pass', () => {
  test.each(['unavailable', 'throttled', 'conflict'] as const)('(%s) is tried again until its time is over', (kind) => {
    const at = (afterMs: number) => verdict(error(kind), { times: 10, afterMs }).again;

    expect([AGAIN_MS - 1, AGAIN_MS].map(at)).toEqual([true, false]);
  });

  test('is tried again until it has happened five times, however late that is', () => {
    const times = (count: number) => verdict(error('unavailable'), { times: count, afterMs: AGAIN_MS }).again;

    expect([4, 5].map(times)).toEqual([true, false]);
  });

  test('counts together with those of other kinds', () => {
    const memory = nothingYet();
    verdict(error('conflict'), { times: 4, memory });

    expect(verdict(error('unavailable'), { afterMs: AGAIN_MS, memory }).again).toBe(false);
  });

  test('is tried again after the pause that the cloud asks for, and only then', () => {
    expect(verdict(error('throttled', { retryAfterMs: 7000 })).delay).toBe(7000);
    expect(verdict(error('throttled')).delay).toBeUndefined();
    expect(verdict(error('throttled', { retryAfterMs: 7000 }), { times: 5, afterMs: AGAIN_MS }).delay).toBeUndefined();
  });
});

describe('a failure that seldom passes', () => {
  test.each(['not-found', 'unreadable', 'credentials'] as const)('(%s) is tried again three times', (kind) => {
    expect([3, 4].map((times) => verdict(error(kind), { times }).again)).toEqual([true, false]);
  });

  test('is tried again for ever by a probe', () => {
    expect(verdict(error('not-found'), { times: 4, againMs: Infinity }).again).toBe(true);
  });

  test('is not tried again when each try would make one thing more', () => {
    expect(verdict(error('unreadable', { makesMore: true })).again).toBe(false);
    expect(verdict(error('unreadable', { makesMore: true }), { againMs: Infinity }).again).toBe(false);
  });
});

test('a cloud that the worker does not know is passed on quickly for a minute, then slowly, then no more', () => {
  const at = (afterMs: number, againMs = AGAIN_MS) => {
    const { again, delay } = verdict(new UnknownCloud('eu', ['us']), { times: 5, afterMs, againMs });
    return [again, delay];
  };

  expect(at(MINUTE_MS - 1)).toEqual([true, 500]);
  expect(at(MINUTE_MS)).toEqual([true, undefined]);
  expect(at(AGAIN_MS)).toEqual([false, undefined]);
  expect(at(0, Infinity)).toEqual([true, undefined]);
  expect(verdict(new UnknownCloud('eu', ['us', 'default']))).toMatchObject({
    type: 'Tenantry.UnknownCloud',
    message:
      'the worker that was asked knows no cloud "eu", only us, default; correct "cloud", or name it in TENANTRY_CLOUDS of every worker',
  });
});

describe('a failure says', () => {
  const facts = { attempts: 1, apiCalls: 0, changed: false, unsure: false };

  test('what was asked and what was answered', () => {
    const { details, message } = verdict(error('taken', { status: 409, code: 'x', requestId: 'r-1' }));

    const times = { startedAt: expect.any(String), endedAt: expect.any(String) };
    expect(details).toEqual([
      { ...facts, ...times, operation: 'tenants.get', status: 409, code: 'x', requestId: 'r-1' },
    ]);
    expect(message).toContain('GET /tenants/{id}');
  });

  test.each([
    [{ changed: true }, false, { changed: true, unsure: false }],
    [{ doubt: true }, false, { changed: false, unsure: true }],
    [{}, true, { changed: false, unsure: true }],
    [{ apiCalls: 4, came: { ids: ['a'] } }, false, { apiCalls: 4, came: { ids: ['a'] } }],
  ])('what its calls have done: with %j in memory, and an earlier attempt in doubt %s', (known, unsure, expected) => {
    const memory = { ...nothingYet(), ...known };
    const failure = toFailure(error('taken'), memory, {
      attempt: 1,
      scheduledAt: 0,
      now: 0,
      againMs: AGAIN_MS,
      unsure,
    });

    expect((failure as ApplicationFailure).details?.[0]).toMatchObject({ ...facts, ...expected });
  });

  test('what it said before, when the step failed by itself', () => {
    const cause = new Error('why');
    const own = ApplicationFailure.create({
      type: 'Own',
      message: 'own',
      nonRetryable: true,
      nextRetryDelay: 5,
      details: [{ more: 1 }, 2],
      cause,
    });

    expect(toFailure(own, nothingYet(), { attempt: 1, scheduledAt: 0, now: 0, againMs: 1 })).toMatchObject({
      type: 'Own',
      message: 'own',
      nonRetryable: true,
      nextRetryDelay: 5,
      details: [{ more: 1, ...facts }, 2],
      cause,
    });
    expect(verdict(ApplicationFailure.create({ message: 'own' }))).toMatchObject({ again: true, details: [facts] });
  });

  test('its name, when it is a bug of ours', () => {
    expect(verdict(new TypeError('x is not a function'))).toMatchObject({
      again: false,
      type: 'Internal',
      message: 'TypeError: x is not a function',
      details: [facts],
    });
    expect(failureTypeOf(new TypeError('x'))).toBe('Internal');
  });

  test('its facts, when the run was cancelled', () => {
    const failure = toFailure(new CancelledFailure('stop'), nothingYet(), {
      attempt: 1,
      scheduledAt: 0,
      now: 0,
      againMs: 1,
    });

    expect(failure).toBeInstanceOf(CancelledFailure);
    expect(failure).toMatchObject({ message: 'stop', details: [facts] });
  });
});
