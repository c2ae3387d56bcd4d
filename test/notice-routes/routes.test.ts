import { describe, expect, test } from '@jest/globals';
import type { Notice } from '../../contract/notices.js';
import { causeOf } from '../../notice-routes/cause.js';
import { readNotices, type NoticesFile } from '../../notice-routes/notices-file.js';
import { routeNotice, severityOf } from '../../notice-routes/route.js';

const now = Date.parse('2026-01-12T22:00:00.000Z');
const since = '2026-01-12T21:00:00.000Z';
const blocked = {
  about: 'run',
  run: 'provisionCustomer:eu:customer-inc',
  operation: 'provisionCustomer',
  step: 'requireTwoFactor',
  type: 'Acronis.Forbidden',
  message: 'not for you',
  since,
  skippable: true,
  nth: 0,
} as const satisfies Notice;
const cloud = { about: 'cloud', cloud: 'eu', type: 'Acronis.Unavailable', message: 'x', since, nth: 0 } as const;
const back = { ...cloud, about: 'cloud-back', backAt: since } as const;
const customer = { about: 'customer', customer: 'C-1', cloud: 'eu', type: 'Tenantry.Asks', message: 'why' } as const;
const source = { about: 'source', source: 'shop', subject: 'sub_1', message: 'It is gone.' } as const;
const brake = { about: 'brake', cloud: 'us', type: 'BrakeEngaged', message: 'x', since } as const;
const rollout = { about: 'rollout', rollout: 'rollout:eu:applyPlans', message: 'x', since } as const;

const chat = { kind: 'chat', app: 'slack', url: 'env:CHAT' };
const night = { quiet: [{ from: '20:00', until: '07:00' }], digest: '08:00' };

/** What this fits goes one way, the rest another. */
function fileWith(when: object): NoticesFile {
  const routes = [{ when, to: ['fits'] }, { to: ['rest'] }];
  return readNotices({ targets: { fits: chat, rest: chat }, routes, ...night }) as NoticesFile;
}

/** Everything goes this way. */
function oneRoute(route: object = {}): NoticesFile {
  return readNotices({ targets: { chat }, routes: [{ to: ['chat'], ...route }], ...night }) as NoticesFile;
}

const route = (file: NoticesFile, notice: Notice) => routeNotice(file, notice, { clouds: ['default', 'eu'], now });

describe('a route is chosen', () => {
  test.each([
    ['by severity', { severity: ['urgent'] }, [cloud, brake], [blocked, back, customer, source, rollout]],
    ['by the part', { about: ['cloud', 'run'] }, [cloud, back, blocked], [brake, customer, source, rollout]],
    ['by source', { sources: ['shop'] }, [source], [{ ...source, source: 'panel' }, blocked, cloud]],
    ['by cloud', { clouds: ['eu'] }, [blocked, cloud, back, customer, rollout], [brake, source]],
    [
      'by the default cloud, which ids do not name',
      { clouds: ['default'] },
      [
        { ...blocked, run: 'provisionCustomer:customer-inc' },
        { ...blocked, run: 'addUser:C-1:eu' },
      ],
      [blocked],
    ],
    ['by operation', { operations: ['provisionCustomer'] }, [blocked], [{ ...blocked, operation: 'addUser' }, cloud]],
    [
      'by all of these at once',
      { clouds: ['eu'], about: ['run'], severity: ['normal'] },
      [blocked],
      [cloud, customer, { ...blocked, run: 'provisionCustomer:x' }],
    ],
  ] as [string, object, Notice[], Notice[]][])('%s', (_, when, fitting, others) => {
    const file = fileWith(when);
    for (const notice of fitting) expect([notice, route(file, notice).targets]).toEqual([notice, ['fits']]);
    for (const notice of others) expect([notice, route(file, notice).targets]).toEqual([notice, ['rest']]);
  });

  test('and the first that fits is the only one', () => {
    const routes = [
      { when: { about: ['run'] }, to: ['one'] },
      { when: { severity: ['normal'] }, to: ['two'] },
      { to: [] },
    ];
    const file = readNotices({ targets: { one: chat, two: chat }, routes }) as NoticesFile;

    expect(route(file, blocked).targets).toEqual(['one']);
    expect(route(file, customer).targets).toEqual(['two']);
    expect(route(file, cloud).targets).toEqual([]);
  });
});

describe('a notice is sent', () => {
  const morning = Date.parse('2026-01-13T07:00:00.000Z');
  const times = (file: NoticesFile, notice: Notice) => route(file, notice).routed.times;

  test('after the quiet hours', () => {
    expect(times(oneRoute(), blocked).quiet[0]).toEqual([expect.any(Number), morning]);
  });

  test('at the time of the digest', () => {
    const { quiet, digest } = times(oneRoute({ digest: true }), blocked);
    expect({ quiet, first: digest?.[0] }).toEqual({ quiet: [], first: Date.parse('2026-01-13T08:00:00.000Z') });
  });

  test('also in quiet hours, where its route says so', () => {
    expect(times(oneRoute({ quiet: false }), blocked)).toEqual({ quiet: [] });
  });

  test('also in quiet hours and without the digest, if it is urgent', () => {
    expect(times(oneRoute({ digest: true }), cloud)).toEqual({ quiet: [] });
  });

  test('as urgent when a run goes on without a person within a day', () => {
    const until = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
    expect(severityOf({ ...blocked, until: until(23) }, now)).toBe('urgent');
    expect(severityOf({ ...blocked, until: until(25) }, now)).toBe('normal');
  });
});

describe('the cause', () => {
  const { cause } = route(oneRoute(), blocked).routed;

  test.each([
    ['other run', { run: 'provisionCustomer:eu:other' }, true],
    ['later time and reminder', { since: '2026-01-12T21:30:00.000Z', nth: 2 }, true],
    ['other words of the vendor', { message: 'still not for you' }, true],
    ['other step', { step: 'assignRole' }, false],
    ['other failure', { type: 'Acronis.Quota' }, false],
    ['other cloud', { run: 'provisionCustomer:customer-inc' }, false],
    ['other operation', { operation: 'addUser' }, false],
  ])('of a run with an %s is the same: %s', (_, change, expected) => {
    expect(route(oneRoute(), { ...blocked, ...change }).routed.cause === cause).toBe(expected);
  });

  test('of trouble is another one each time that it begins, so that nothing is kept back', () => {
    const later = '2026-01-12T21:59:00.000Z';
    expect(causeOf({ ...cloud, since: later }, 'eu')).not.toBe(causeOf(cloud, 'eu'));
    expect(causeOf({ ...cloud, nth: 1 }, 'eu')).toBe(causeOf(cloud, 'eu'));
    expect(causeOf(back, 'eu')).not.toBe(causeOf(cloud, 'eu'));
  });

  test('keeps texts of others short, because what is held is bounded', () => {
    const { routed } = route(oneRoute(), { ...customer, customer: 'c'.repeat(500), message: 'm'.repeat(5000) });
    expect(routed.name).toHaveLength(100);
    expect(routed.notice).toMatchObject({ message: `${'m'.repeat(999)}…` });
  });
});
