import type { Client } from '@temporalio/client';
import { EventWatch } from '../../activities/event-watch.js';
import { nothingReported, type Reported } from '../../contract/outgoing-events.js';

const START = Date.parse('2026-03-02T10:00:00.000Z');
/** A time, so many minutes after the first look. */
export const at = (minutes: number) => new Date(START + minutes * 60_000);

/** A run in Temporal's list. */
export interface ListedRow {
  id: string;
  type?: string;
  closed?: Date;
  state?: string;
  step?: string;
  status?: string;
  parent?: string;
}

/** Temporal as one sees it from outside: rows that it lists, and runs that answer. */
export class ListedRuns {
  rows: ListedRow[] = [];
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

function infoOf({ id, type = 'lockTenant', closed, state, step, status, parent }: ListedRow) {
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
export function watching(listed: ListedRuns, reported: Reported = nothingReported(at(0).toISOString())) {
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
