import type { FoundCustomer, FoundCustomers } from '../../../bench/events/found.js';
import { Heard } from '../../../bench/events/heard.js';
import { differences, faultsOnTheWay } from '../../../bench/events/judge.js';
import { wantedOf } from '../../../bench/events/model.js';
import type { HandMadeChange, Statement } from '../../../bench/events/statements.js';
import { wantedAtLast } from './model.js';
import { graceMs, rules, type RulesName } from './offer.js';

/** What was known so long ago must have been heeded. */
const SURELY_MS = 6 * 3_600_000;

interface Known {
  heard: Statement[];
  /** Since when a subscription has been paid for, or sold, without a break. */
  paysSince?: number | undefined;
  soldSince?: number | undefined;
  /** Since when a person has stopped it. */
  heldSince?: number | undefined;
  agreedToEnd: boolean;
  byHand?: HandMadeChange;
  /** After a person had disabled it, it was sold so that it must be disabled: what is sold later counts again. */
  soldAnew?: true;
  before?: FoundCustomer | undefined;
  disabledAt?: number | undefined;
}

/** Compares the vendor's world with what was said, at any time and at last. It knows nothing of the product. */
export class CustomersJudge {
  /** What was wrong at any time, each once. */
  readonly faults = new Set<string>();
  private readonly heard = new Heard();
  private readonly known = new Map<string, Known>();
  private calmSince = 0;

  constructor(
    private readonly rulesName: RulesName,
    refs: readonly string[],
  ) {
    for (const ref of refs) this.known.set(ref, { heard: [], agreedToEnd: false });
  }

  sending(statement: Statement): void {
    this.heard.sending(statement);
  }

  /** Temporal has it. */
  taken(statement: Statement, now: number): void {
    this.heard.taken(statement);
    const known = this.of(statement.ref);
    if (!known.heard.some(({ id }) => id === statement.id)) known.heard.push(statement);
    const { enabled, isSold } = wantedOf(known.heard);
    known.paysSince = enabled ? (known.paysSince ?? now) : undefined;
    known.soldSince = isSold ? (known.soldSince ?? now) : undefined;
    if (!enabled && known.byHand?.kind === 'disabled') known.soldAnew = true;
  }

  /** Nothing can be done in time while something is away. */
  troubled(until: number): void {
    this.calmSince = Math.max(this.calmSince, until);
  }

  changedByHand(ref: string, change: HandMadeChange): void {
    const known = this.of(ref);
    known.byHand = change;
    delete known.soldAnew;
  }

  byHand(ref: string): HandMadeChange | undefined {
    const { byHand, soldAnew } = this.of(ref);
    return soldAnew ? undefined : byHand;
  }

  stopped(ref: string, since: number | undefined): void {
    const known = this.of(ref);
    known.heldSince = since === undefined ? undefined : (known.heldSince ?? since);
  }

  agreedToEnd(ref: string): void {
    this.of(ref).agreedToEnd = true;
  }

  /** Notes what may never be. */
  look(found: FoundCustomers, now: number): void {
    const about = {
      isPlanned: (ref: string) => this.known.has(ref),
      everGaveReasonToDisable: (ref: string) => this.mayBeDisabled(ref, found.get(ref)),
      byHand: (ref: string) => this.byHand(ref),
    };
    for (const fault of faultsOnTheWay(found, about)) this.faults.add(fault);
    for (const [ref, known] of this.known) {
      const [tenant] = found.get(ref) ?? [];
      for (const fault of this.lossesOf(known, tenant, now)) this.faults.add(`${ref}: ${fault}`);
      if (tenant?.enabled !== known.before?.enabled) known.disabledAt = tenant?.enabled === false ? now : undefined;
      known.before = tenant;
    }
  }

  /** In what the customers are not as they must be when all is quiet. */
  atLast(found: FoundCustomers): string[] {
    return [...this.known].flatMap(([ref, { heard, soldAnew }]) => {
      const wanted = wantedAtLast(heard, { rules: this.rulesName, byHand: this.byHand(ref) });
      const [tenant] = found.get(ref) ?? [];
      // two statements that arrive together can leave the change by hand as it was
      const enabled = wanted.enabled && (soldAnew ? (tenant?.enabled ?? true) : true);
      return differences({ ...wanted, enabled }, found.get(ref)).map((problem) => `${ref}: ${problem}`);
    });
  }

  /** True when a customer is as it must be by what was said until now, had nobody changed it by hand. */
  isAsSold(ref: string, tenants: readonly FoundCustomer[]): boolean {
    return tenants.length === 1 && differences(wantedOf(this.of(ref).heard), tenants).length === 0;
  }

  /** While rules wait, one can have a tenant, and lose it, before the first payment. What is not complete is taken back. */
  private mayBeDisabled(ref: string, tenants: readonly FoundCustomer[] = []): boolean {
    const waits = rules[this.rulesName].pastDue > 0;
    return waits || this.heard.everGaveReasonToDisable(ref) || !tenants.every(isComplete);
  }

  private lossesOf(known: Known, tenant: FoundCustomer | undefined, now: number): string[] {
    const { before, byHand, paysSince, soldSince, heldSince, agreedToEnd, disabledAt = now } = known;
    if (before === undefined || !isComplete(before)) return [];
    const isLong = (since: number | undefined) =>
      since !== undefined && now - Math.max(since, this.calmSince) > SURELY_MS;
    const isStopped = isLong(heldSince) ? ['after a person had stopped that'] : [];
    if (tenant === undefined && byHand?.kind !== 'deleted') {
      const { offboard } = rules[this.rulesName];
      return [
        ...isStopped,
        ...(isLong(soldSince) ? ['although something is sold'] : []),
        ...(offboard === 'automatic' || agreedToEnd ? [] : ['and nobody has agreed']),
        ...(now - disabledAt < graceMs(this.rulesName) ? ['before its grace was over'] : []),
      ].map((why) => `was deleted ${why}`);
    }
    if (tenant?.enabled !== false || !before.enabled || byHand?.kind === 'disabled') return [];
    return [...isStopped, ...(isLong(paysSince) ? ['although a subscription is paid for'] : [])].map(
      (why) => `was disabled ${why}`,
    );
  }

  private of(ref: string): Known {
    return this.known.get(ref)!;
  }
}

/** The mail is the last step. Before it, a creation that has become pointless is taken back. */
function isComplete({ users }: FoundCustomer): boolean {
  return users.some(({ mails }) => mails > 0);
}
