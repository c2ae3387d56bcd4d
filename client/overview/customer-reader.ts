import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { TenantryError } from '../../contract/errors.js';
import { listCustomers, type ListedCustomer } from '../customer-list.js';
import { statusOfCustomer } from '../customers.js';
import { toKnown, type KnownCustomer } from './known-customer.js';

/** Customers that are asked at a time. */
const AT_ONCE = 20;
/** As many as fit into the memory of a gateway. */
const MOST_CUSTOMERS = 10_000;
/** So many in a row that do not answer: then no worker does. */
const MOST_SILENT = AT_ONCE;

/** All customers of Temporal's list, and those of them whose status is known. */
export interface ReadCustomers {
  listed: ListedCustomer[];
  known: KnownCustomer[];
  /** What is not known, and why: sentences. */
  missing: string[];
  /** True when there are more customers than are read. */
  isCut: boolean;
}

export interface ReaderOptions {
  /** How long one reading may take, in milliseconds; as long as it needs unless given. */
  withinMs?: number;
  /** How long a status counts, in milliseconds. */
  keepMs?: number;
  onRead?: (done: number, all: number) => void;
}

/**
 * Asks every customer for its status, some at a time. Temporal's list says who there are; what follows next only the
 * customer knows. A reading that has no more time answers with what it has, and the next one goes on with the others. Two
 * that are asked for at the same time are one.
 */
export class CustomerReader {
  private readonly kept = new Map<string, KnownCustomer & { state: string }>();
  private reading: Promise<ReadCustomers> | undefined;

  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
    private readonly options: ReaderOptions = {},
  ) {}

  /** Changes nothing. Fails as `unavailable` when there are customers and none of them answers. */
  async read(): Promise<ReadCustomers> {
    this.reading ??= this.readAll().finally(() => (this.reading = undefined));
    return await this.reading;
  }

  /**
   * The same, for somebody who waits no longer than this: what is known by then. The reading goes on meanwhile, so the next
   * answer knows more. Where nobody answers, `missing` says so.
   */
  async readWithin(ms: number): Promise<Pick<ReadCustomers, 'known' | 'missing'>> {
    const inTime = new AbortController();
    const late = sleep(ms, undefined, { signal: inTime.signal, ref: false }).catch(() => undefined);
    const known = () => [...this.kept.values()];
    try {
      const notAll = 'Not all customers have answered yet; the next call goes on with the others.';
      return (await Promise.race([this.read(), late])) ?? { known: known(), missing: [notAll] };
    } catch (error) {
      if (!(error instanceof TenantryError)) throw error;
      return { known: known(), missing: [`No customer could be asked: ${withStop(error.message)}`] };
    } finally {
      inTime.abort();
    }
  }

  /** The next reading asks this one again, however new what is kept of it is. */
  renew(id: string): void {
    const kept = this.kept.get(id);
    if (kept !== undefined) this.kept.set(id, { ...kept, readAt: 0 });
  }

  private async readAll(): Promise<ReadCustomers> {
    const { keepMs = 0, withinMs = Infinity } = this.options;
    const began = Date.now();
    const all = await listCustomers(this.client, {});
    const listed = all.slice(0, MOST_CUSTOMERS);
    this.forgetOthers(listed);
    const isFresh = ({ id, state }: ListedCustomer) => {
      const kept = this.kept.get(id);
      return kept !== undefined && kept.state === state && began - kept.readAt < keepMs;
    };
    const asked = listed.filter((one) => !isFresh(one)).toSorted((one, other) => this.ageOf(one) - this.ageOf(other));
    const { unread, failures } = await this.ask(asked, began + withinMs);
    const known = listed.flatMap(({ id }) => this.kept.get(id) ?? []);
    if (known.length === 0 && failures[0] !== undefined) throw failures[0];
    const missing = missingOf({ all: all.length, known, listed, unread, failures });
    return { listed, known, missing, isCut: all.length > listed.length };
  }

  /** Customers of whom nothing is known come first, then the oldest readings. */
  private ageOf({ id }: ListedCustomer): number {
    return this.kept.get(id)?.readAt ?? 0;
  }

  private forgetOthers(listed: readonly ListedCustomer[]): void {
    const ids = new Set(listed.map(({ id }) => id));
    for (const id of this.kept.keys()) if (!ids.has(id)) this.kept.delete(id);
  }

  /** Asks these, until the time is over or nobody answers. */
  private async ask(
    customers: readonly ListedCustomer[],
    until: number,
  ): Promise<{ unread: number; failures: TenantryError[] }> {
    const { onRead = () => undefined } = this.options;
    const queue = customers.values();
    const failures: TenantryError[] = [];
    let [done, silent] = [0, 0];
    const work = async () => {
      for (const one of queue) {
        const failure = await this.askOne(one);
        silent = failure === undefined ? 0 : silent + 1;
        if (failure !== undefined) failures.push(failure);
        done += 1;
        onRead(done, customers.length);
        if (Date.now() >= until || silent >= MOST_SILENT) return;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { unread: customers.length - done, failures };
  }

  private async askOne({ id, ref, state }: ListedCustomer): Promise<TenantryError | undefined> {
    try {
      const status = await statusOfCustomer(this.client, { id, name: ref ?? id }, this.taskQueue);
      if (status !== undefined) this.kept.set(id, { id, state, readAt: Date.now(), status: toKnown(status) });
      return undefined;
    } catch (error) {
      if (!(error instanceof TenantryError)) throw error;
      return error;
    }
  }
}

interface Reading {
  all: number;
  listed: readonly ListedCustomer[];
  known: readonly KnownCustomer[];
  unread: number;
  failures: readonly TenantryError[];
}

function missingOf({ all, listed, known, unread, failures }: Reading): string[] {
  const more = all - listed.length;
  const unknown = listed.length - known.length;
  const why = failures[0]?.message ?? 'there was no time to ask them; the next call goes on with them';
  return [
    ...(more > 0 ? [`${more} customers are left out: at most ${MOST_CUSTOMERS} are read.`] : []),
    ...(unknown > 0 ? [`${unknown} of ${listed.length} customers are not known: ${withStop(why)}`] : []),
    ...(unknown === 0 && unread + failures.length > 0
      ? [`Of ${unread + failures.length} customers an older state is shown: ${withStop(why)}`]
      : []),
  ];
}

function withStop(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
