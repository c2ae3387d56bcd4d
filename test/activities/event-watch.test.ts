import { describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { EventWatch } from '../../activities/event-watch.js';
import { nothingReported, type Reported } from '../../contract/outgoing-events.js';

const START = Date.parse('2026-03-02T10:00:00.000Z');
const at = (minutes: number) => new Date(START + minutes * 60_000);

interface Row {
  id: string;
  type?: string;
  closed?: Date;
  state?: string;
  step?: string;
  status?: string;
  parent?: string;
}

/** Temporal as one sees it from outside: rows that it lists, and runs that answer. */
class Listed {
  rows: Row[] = [];
  answers: Record<string, unknown> = {};
  queries: string[] = [];

  get client(): Client {
    const { rows } = this;
    const listed = () => this.rows;
    async function* list({ query }: { query: string }) {
      const isOpen = query.includes("ExecutionStatus = 'Running'");
      const [, from] = />= '([^']+)'/.exec(query) ?? [];
      const [, to] = /< '([^']+)'/.exec(query) ?? [];
      const type = /WorkflowType = '(\w+)'/.exec(query)?.[1];
      for (const row of listed()) {
        const time = query.includes('CloseTime') ? row.closed?.toISOString() : START.toString();
        if (type !== undefined && row.type !== type) continue;
        if (type === undefined && row.type === 'customer') continue;
        if (isOpen !== (row.closed === undefined)) continue;
        if (query.includes("TenantryState = 'blocked'") && row.state !== 'blocked') continue;
        if (!isOpen && (time === undefined || time < from! || (to !== undefined && time >= to))) continue;
        yield infoOf(row);
      }
    }
    const getHandle = (id: string) => ({
      query: async () => {
        this.queries.push(id);
        const answer = this.answers[id];
        if (answer === undefined) throw new Error('no answer');
        return answer;
      },
      describe: async () => infoOf(rows.find((row) => row.id === id) ?? { id }),
    });
    const withDeadline = async <T>(_at: number, act: () => Promise<T>) => await act();
    const options = { loadedDataConverter: { payloadCodecs: [] }, namespace: 'test' };
    const getWorkflowExecutionHistory = async () => ({ history: { events: [] } });
    const connection = { workflowService: { getWorkflowExecutionHistory } };
    return { workflow: { list, getHandle }, withDeadline, options, connection } as never;
  }
}

function infoOf({ id, type = 'lockTenant', closed, state, step, status, parent }: Row) {
  const attributes: Record<string, string | undefined> = { TenantryState: state, TenantryStep: step };
  return {
    workflowId: id,
    runId: `run of ${id}`,
    type,
    status: { name: status ?? (closed === undefined ? 'RUNNING' : 'COMPLETED') },
    startTime: at(0),
    closeTime: closed,
    historyLength: 7,
    typedSearchAttributes: { get: ({ name }: { name: string }) => attributes[name] },
    ...(parent !== undefined && { parentExecution: { workflowId: parent, runId: 'p' } }),
    raw: { workflowExecutionInfo: { firstRunId: `run of ${id}` } },
  };
}

/** A worker that looks several times, and reports what it has seen. */
function watching(listed: Listed, reported: Reported = nothingReported(at(0).toISOString())) {
  const watch = new EventWatch(listed.client);
  let known = reported;
  return {
    get reported() {
      return known;
    },
    async look(minutes: number, { isLost = false } = {}) {
      const found = await watch.look(known, at(minutes).getTime());
      if (!isLost) {
        known = JSON.parse(JSON.stringify(found.reported)) as Reported;
        found.settle();
      }
      return found.events.map(({ type, data }) => `${type} ${data.id}`);
    },
  };
}

describe('runs that have ended', () => {
  test('are reported once, in the order of their ends, although the list repeats them', async () => {
    const listed = new Listed();
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
    const listed = new Listed();
    const worker = watching(listed);
    listed.rows = [{ id: 'quick', closed: at(9) }];
    expect(await worker.look(9)).toEqual(['operation.completed quick']);

    listed.rows.push({ id: 'late', closed: at(1) });

    expect(await worker.look(10)).toEqual(['operation.completed late']);
  });

  test('before the first look are not reported', async () => {
    const listed = new Listed();
    listed.rows = [{ id: 'old', closed: at(-60) }];

    expect(await watching(listed).look(1)).toEqual([]);
  });

  test('while nobody looked are reported, hour by hour, but not after more than three days', async () => {
    const listed = new Listed();
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
    const listed = new Listed();
    listed.rows = [{ id: 'a', closed: at(1) }];
    const [one, other] = [new EventWatch(listed.client), new EventWatch(listed.client)];
    const before = nothingReported(at(0).toISOString());

    const [first, again] = [await one.look(before, at(2).getTime()), await other.look(before, at(3).getTime())];

    expect(first.events).toHaveLength(1);
    expect(again.events).toEqual(first.events);
  });

  test('that continue as new have not ended, and those that were ended from outside have failed', async () => {
    const listed = new Listed();
    listed.rows = [
      { id: 'goes-on', closed: at(1), status: 'CONTINUED_AS_NEW' },
      { id: 'killed', closed: at(1), status: 'TERMINATED', state: 'blocked' },
    ];

    expect(await watching(listed).look(2)).toEqual(['operation.failed killed']);
  });
});

describe('blocked runs', () => {
  const blocked = (id: string, step = 'assignRole'): Row => ({ id, state: 'blocked', step });
  const saying = (since: Date, step = 'assignRole') => ({
    state: 'blocked',
    blocked: { step, since: since.toISOString() },
  });

  test('are reported once while they stand, and again when they block again', async () => {
    const listed = new Listed();
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
    const listed = new Listed();
    listed.answers['a'] = saying(at(1));
    listed.rows = [blocked('a')];
    const watch = new EventWatch(listed.client);
    const before = nothingReported(at(0).toISOString());
    const first = await watch.look(before, at(1).getTime());

    const again = await watch.look(before, at(9).getTime());

    expect(again.events.map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
  });

  test('of a list that is late are asked first', async () => {
    const listed = new Listed();
    listed.rows = [blocked('a')];
    listed.answers['a'] = { state: 'running' };

    expect(await watching(listed).look(1)).toEqual([]);
  });

  test('that do not answer are reported after a while as they are listed', async () => {
    const listed = new Listed();
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
    const listed = new Listed();
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
