import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, type CustomerStatus } from '../contract/customers.js';
import type { OutgoingEvent, Reported } from '../contract/outgoing-events.js';
import { listRuns } from '../vault/list-runs.js';
import { ask, findRun, inBatches } from './ask-runs.js';
import { newsOf } from './customer-events.js';

/** So many customers at a time. */
const MOST_AT_A_TIME = 50;
/** Of more customers it is not remembered what lasts for them. */
const MOST_REMEMBERED = 5000;

/**
 * Goes through all customers, a few at a time, again and again. It asks only those to which something has happened since
 * it has asked them: what it keeps for itself only saves questions.
 */
export class CustomerSweep {
  private readonly lengths = new Map<string, string>();
  private rest: AsyncIterator<WorkflowExecutionInfo> | undefined;

  constructor(private readonly client: Client) {}

  /** What is new of the next customers, and what lasts for all of them now. `settle` is called once it is reported. */
  async askSome(
    before: Reported['customers'],
    now: number,
  ): Promise<{ events: OutgoingEvent[]; known: Reported['customers']; settle(): void }> {
    const at = new Date(now).toISOString();
    const news = await inBatches(await this.next(), async (run) => {
      const { workflowId: id } = run;
      const length = await this.lengthOf(id);
      if (length !== undefined && length === this.lengths.get(id)) return [];
      const status = await ask<CustomerStatus>(this.client, run, CUSTOMER_QUERY);
      if (status === undefined) return [];
      return [{ id, length, ...newsOf(id, status, before[id] ?? {}, at) }];
    });
    const known = { ...before };
    for (const { id, lasting } of news) {
      delete known[id];
      if (Object.keys(lasting).length > 0 && Object.keys(known).length < MOST_REMEMBERED) known[id] = lasting;
    }
    const settle = () => {
      for (const { id, length } of news) if (length !== undefined) this.lengths.set(id, length);
    };
    return { events: news.flatMap(({ events }) => events), known, settle };
  }

  private async next(): Promise<WorkflowExecutionInfo[]> {
    const query = `WorkflowType = '${CUSTOMER_WORKFLOW}' AND ExecutionStatus = 'Running'`;
    const { rest = listRuns(this.client, query)[Symbol.asyncIterator]() } = this;
    // after a failure the list begins again
    this.rest = undefined;
    const runs: WorkflowExecutionInfo[] = [];
    while (runs.length < MOST_AT_A_TIME) {
      const { value, done } = await rest.next();
      if (done === true) return runs;
      runs.push(value);
    }
    this.rest = rest;
    return runs;
  }

  /** Changes whenever something happens to it; undefined where Temporal does not say. */
  private async lengthOf(id: string): Promise<string | undefined> {
    const found = await findRun(this.client, id);
    return found?.historyLength === undefined ? undefined : `${found.runId} ${found.historyLength}`;
  }
}
