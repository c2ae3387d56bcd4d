import { describe, expect, test } from '@jest/globals';
import { EventWatch } from '../../activities/event-watch.js';
import { nothingReported } from '../../contract/outgoing-events.js';
import { at, ListedRuns, watching, type ListedRow } from '../support/listed-runs.js';

describe('runs that have ended', () => {
  test('are reported once, in the order of their ends, although the list repeats them', async () => {
    const listed = new ListedRuns();
    const worker = watching(listed);
    listed.rows = [
      { id: 'b', closed: at(2), status: 'FAILED', state: 'undone' },
      { id: 'a', closed: at(1) },
    ];

    expect(await worker.look(3)).toEqual(['operation.completed a', 'operation.undone b']);
    listed.rows.push({ id: 'c', closed: at(3), status: 'CANCELLED' });
    expect(await worker.look(4)).toEqual(['operation.failed c']);
    expect(await worker.look(5)).toEqual([]);
  });

  test('are reported also when the list shows them some minutes late', async () => {
    const listed = new ListedRuns();
    const worker = watching(listed);
    listed.rows = [{ id: 'quick', closed: at(9) }];
    expect(await worker.look(9)).toEqual(['operation.completed quick']);

    listed.rows.push({ id: 'late', closed: at(1) });

    expect(await worker.look(10)).toEqual(['operation.completed late']);
  });

  test('before the first look are not reported', async () => {
    const listed = new ListedRuns();
    listed.rows = [{ id: 'old', closed: at(-60) }];

    expect(await watching(listed).look(1)).toEqual([]);
  });

  test('while nobody looked are reported, hour by hour, but not after more than three days', async () => {
    const listed = new ListedRuns();
    const [hour, day] = [60, 24 * 60];
    const worker = watching(listed);
    await worker.look(0);
    listed.rows = [
      { id: 'long ago', closed: at(day) },
      { id: 'recent', closed: at(4.5 * day) },
    ];

    const seen: string[] = [];
    for (let looks = 0; looks < 3 * 24 + 1; looks += 1) seen.push(...(await worker.look(5 * day)));

    expect(seen).toEqual(['operation.completed recent']);
    listed.rows.push({ id: 'now', closed: at(5 * day - hour / 2) });
    expect(await worker.look(5 * day)).toEqual(['operation.completed now']);
  });

  test('get the same ids when a look is lost with its worker', async () => {
    const listed = new ListedRuns();
    listed.rows = [{ id: 'a', closed: at(1) }];
    const [one, other] = [new EventWatch(listed.client), new EventWatch(listed.client)];
    const before = nothingReported(at(0).toISOString());

    const [first, again] = [await one.look(before, at(2).getTime()), await other.look(before, at(3).getTime())];

    expect(first.events).toHaveLength(1);
    expect(again.events).toEqual(first.events);
  });

  test('that continue as new have not ended, and those that were ended from outside have failed', async () => {
    const listed = new ListedRuns();
    listed.rows = [
      { id: 'goes-on', closed: at(1), status: 'CONTINUED_AS_NEW' },
      { id: 'killed', closed: at(1), status: 'TERMINATED', state: 'blocked' },
    ];

    expect(await watching(listed).look(2)).toEqual(['operation.failed killed']);
  });
});

describe('blocked runs', () => {
  const blocked = (id: string, step = 'assignRole'): ListedRow => ({ id, state: 'blocked', step });
  const saying = (since: Date, step = 'assignRole') => ({
    state: 'blocked',
    blocked: { step, since: since.toISOString() },
  });

  test('are reported once while they stand, and again when they block again', async () => {
    const listed = new ListedRuns();
    const worker = watching(listed);
    listed.rows = [blocked('a')];
    listed.answers['a'] = saying(at(1));
    expect(await worker.look(1)).toEqual(['operation.blocked a']);
    expect(await worker.look(2)).toEqual([]);

    listed.rows = [];
    expect(await worker.look(3)).toEqual([]);
    listed.rows = [blocked('a')];
    listed.answers['a'] = saying(at(4));

    expect(await worker.look(4)).toEqual(['operation.blocked a']);
    expect(listed.queries).toEqual(['a', 'a']);
  });

  test('have one id for one block, also when the list loses the run for a while', async () => {
    const listed = new ListedRuns();
    listed.answers['a'] = saying(at(1));
    listed.rows = [blocked('a')];
    const watch = new EventWatch(listed.client);
    const before = nothingReported(at(0).toISOString());
    const first = await watch.look(before, at(1).getTime());

    const again = await watch.look(before, at(9).getTime());

    expect(again.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
  });

  test('of a list that is late are asked first', async () => {
    const listed = new ListedRuns();
    listed.rows = [blocked('a')];
    listed.answers['a'] = { state: 'running' };

    expect(await watching(listed).look(1)).toEqual([]);
  });

  test('that do not answer are reported after a while as they are listed', async () => {
    const listed = new ListedRuns();
    const worker = watching(listed);
    listed.rows = [blocked('a')];

    const looks: string[][] = [];
    for (let look = 0; look < 13; look += 1) looks.push(await worker.look(look));

    expect(looks.flat()).toEqual(['operation.blocked a']);
    expect(looks[0]).toEqual([]);
  });
});

describe('customers', () => {
  const suspension = (minutes: number) => ({
    what: 'suspend',
    at: at(minutes).toISOString(),
    why: 'sub_1 is past due',
  });
  const status = (more: object) => ({ ref: 'C-1', cloud: 'default', tenantId: 't-1', ...more });
  const customer = (more: object) => {
    const listed = new ListedRuns();
    listed.rows = [{ id: 'customer:C-1', type: 'customer' }];
    listed.answers['customer:C-1'] = status(more);
    return listed;
  };

  test('are asked once, until something happens to them', async () => {
    const listed = customer({});
    const worker = watching(listed);

    for (const minutes of [1, 2, 3]) expect(await worker.look(minutes)).toEqual([]);

    expect(listed.queries).toEqual(['customer:C-1']);
  });

  test('that will be suspended are reported, also when the first look was lost', async () => {
    const worker = watching(customer({ next: suspension(60) }));

    expect(await worker.look(1, { isLost: true })).toEqual(['customer.suspending customer:C-1']);
    expect(await worker.look(2)).toEqual(['customer.suspending customer:C-1']);
    expect(await worker.look(3)).toEqual([]);
    expect(worker.reported.customers).toEqual({ 'customer:C-1': { suspending: at(60).toISOString() } });
  });
});
