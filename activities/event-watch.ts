import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { catalogue } from '../catalogue/index.js';
import type { CustomerStart } from '../contract/customers.js';
import { DEFAULT_CLOUD } from '../contract/ids.js';
import type { LookedAt, OutgoingEvent, Reported } from '../contract/outgoing-events.js';
import { tenantryReason, tenantryState, tenantryStep } from '../contract/search-attributes.js';
import { STATUS_QUERY, type OperationStatus } from '../contract/status.js';
import { startInput } from '../vault/index.js';
import { listRuns } from '../vault/list-runs.js';
import { OFFBOARD_CUSTOMER } from '../workflows/offboard-customer/contract.js';
import { ask, findRun, inBatches } from './ask-runs.js';
import { CustomerSweep } from './customer-sweep.js';
import { shortened } from './event-ids.js';
import { afterReading, nextSlice, type Timed } from './looked-at.js';
import { firstRunIdOf } from './turns.js';
import { beginningOfEnd, blockOfRun, customerOf, endForCustomer, endOfRun, type AboutCustomer } from './run-events.js';

/** A look asks at most so many blocked runs. */
const MOST_ASKED = 100;
/** More blocked runs are not looked at. */
const MOST_REMEMBERED = 5000;
/** A run that has not answered so often is reported as it is listed. */
const MOST_TRIES = 12;

/** What one look has shown. */
export interface Look {
  events: OutgoingEvent[];
  reported: Reported;
  /** True when there is more to see at once. */
  isBehind: boolean;
  /** Call it once the events are handed over: before, the same questions are asked again. */
  settle(): void;
}

/**
 * Sees in Temporal what has happened: runs that have ended or wait, and customers. It reads Temporal's list, which can be
 * late and repeat itself, and asks only what the list does not say. It changes nothing. What it keeps for itself only
 * saves questions.
 */
export class EventWatch {
  private readonly silent = new Map<string, number>();
  private readonly customers: CustomerSweep;

  constructor(private readonly client: Client) {
    this.customers = new CustomerSweep(client);
  }

  /** Everything new since `reported`. The same look again gives the same events. */
  async look(reported: Reported, now = Date.now()): Promise<Look> {
    const names = new Map<string, Promise<AboutCustomer>>();
    const about = async (id: string) => {
      if (!names.has(id)) names.set(id, this.nameOf(id));
      return await names.get(id)!;
    };
    const blocked = await this.blockedRuns(reported.blocked);
    const begun = await this.begunOffboardings(reported.begun, now, about);
    const closed = await this.closedRuns(reported.closed, now, about);
    const customers = await this.customers.askSome(reported.customers, now);
    const events = [...blocked.events, ...begun.events, ...closed.events, ...customers.events];
    return {
      events: events.toSorted((one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp)),
      reported: { closed: closed.lookedAt, begun: begun.lookedAt, blocked: blocked.known, customers: customers.known },
      isBehind: closed.isBehind || begun.isBehind || blocked.isBehind,
      settle: customers.settle,
    };
  }

  private async closedRuns(before: LookedAt, now: number, about: (id: string) => Promise<AboutCustomer>) {
    const { fresh, ...read } = await this.read(before, now, `${ourRuns} AND CloseTime`, ({ closeTime }) => closeTime);
    const events = await inBatches(fresh, async ({ run }) => {
      if (run.status.name === 'CONTINUED_AS_NEW' || (await this.wasReset(run))) return [];
      const customer = customerOf(run);
      return [endOfRun(run), ...(customer === undefined ? [] : endForCustomer(run, await about(customer)))];
    });
    return { events, ...read };
  }

  private async begunOffboardings(before: LookedAt, now: number, about: (id: string) => Promise<AboutCustomer>) {
    const condition = `WorkflowType = '${OFFBOARD_CUSTOMER}' AND StartTime`;
    const { fresh, ...read } = await this.read(before, now, condition, ({ startTime }) => startTime);
    const events = await inBatches(fresh, async ({ run }) => {
      const customer = customerOf(run);
      return customer === undefined ? [] : [beginningOfEnd(run, await about(customer))];
    });
    return { events, ...read };
  }

  private async read(
    before: LookedAt,
    now: number,
    condition: string,
    timeOf: (run: WorkflowExecutionInfo) => Date | undefined,
  ) {
    const slice = nextSlice(before, now);
    const until = slice.to === undefined ? '' : ` AND ${condition.split(' ').at(-1)!} < '${slice.to}'`;
    const listed: Timed<WorkflowExecutionInfo>[] = [];
    for await (const run of listRuns(this.client, `${condition} >= '${slice.from}'${until}`)) {
      const at = timeOf(run)?.toISOString();
      if (at !== undefined) listed.push({ run, at });
    }
    return { ...afterReading(before, slice, listed), isBehind: slice.to !== undefined };
  }

  /** A reset ends a run, and another one goes on in its place. */
  private async wasReset({ status, workflowId, runId }: WorkflowExecutionInfo): Promise<boolean> {
    if (status.name !== 'TERMINATED') return false;
    const [own, newest] = await Promise.all([
      findRun(this.client, workflowId, runId),
      findRun(this.client, workflowId),
    ]);
    if (own === undefined || newest === undefined) return false;
    return newest.runId !== runId && firstRunIdOf(newest) === firstRunIdOf(own);
  }

  private async blockedRuns(before: readonly string[]) {
    const query = `${ourRuns} AND ${tenantryState.name} = 'blocked' AND ExecutionStatus = 'Running'`;
    const [known, reported] = [new Set(before), [] as string[]];
    const fresh: { run: WorkflowExecutionInfo; key: string }[] = [];
    for await (const run of listRuns(this.client, query)) {
      if (reported.length + fresh.length >= MOST_REMEMBERED) break;
      const key = keyOfBlock(run);
      if (known.has(key)) reported.push(key);
      else fresh.push({ run, key });
    }
    const asked = fresh.slice(0, MOST_ASKED);
    const answers = await inBatches(asked, async ({ run, key }) => {
      const event = await this.blockOf(run, key);
      return event === undefined ? [] : [{ event, key }];
    });
    return {
      events: answers.flatMap(({ event }) => event),
      known: [...reported, ...answers.map(({ key }) => key)],
      isBehind: asked.length < fresh.length,
    };
  }

  /** Empty when it is blocked no more; undefined when it does not answer yet. */
  private async blockOf(run: WorkflowExecutionInfo, key: string): Promise<OutgoingEvent[] | undefined> {
    const step = run.typedSearchAttributes.get(tenantryStep) ?? '';
    const status = await ask<OperationStatus>(this.client, run, STATUS_QUERY);
    if (status?.state === 'blocked') {
      this.silent.delete(key);
      return [blockOfRun(run, step, status.blocked)];
    }
    // the list is late: the run goes on already
    if (status !== undefined) return undefined;
    const tries = (this.silent.get(key) ?? 0) + 1;
    this.silent.set(key, tries);
    if (tries < MOST_TRIES) return undefined;
    this.silent.delete(key);
    return [blockOfRun(run, step, undefined)];
  }

  private async nameOf(id: string): Promise<AboutCustomer> {
    const found = await findRun(this.client, id);
    const start = found && ((await startInput(this.client, id, found.runId)) as CustomerStart | undefined);
    const [, ...key] = id.split(':');
    return { id, ref: start?.ref ?? key.at(-1)!, cloud: start?.cloud ?? (key.length > 1 ? key[0]! : DEFAULT_CLOUD) };
  }
}

const ourRuns = `WorkflowType IN (${Object.keys(catalogue)
  .map((name) => `'${name}'`)
  .join(', ')})`;

/** A run that is blocked elsewhere, or for another reason, is news. */
function keyOfBlock({ workflowId, runId, typedSearchAttributes: said }: WorkflowExecutionInfo): string {
  return shortened(workflowId, runId, said.get(tenantryStep) ?? '', said.get(tenantryReason) ?? '');
}
