import { subscriptionKey } from './model.js';
import { pays, type Statement } from './statements.js';

interface Sent {
  statement: Statement;
  isTaken: boolean;
}

/**
 * What the product can know of each customer: all that it has taken, and perhaps some of what is on its way. So it is
 * known of whom it never had a reason to disable.
 */
export class Heard {
  /** By customer and event. */
  private readonly sent = new Map<string, Map<string, Sent>>();
  private readonly mayBeDisabled = new Set<string>();

  /** Before the first try: from then on the product may know it. */
  sending(statement: Statement): void {
    const { ref, id } = statement;
    const all = this.sent.get(ref) ?? new Map<string, Sent>();
    const mayHavePaid = [...all.values()].some((one) => isPaid(one.statement));
    if (!all.has(id)) all.set(id, { statement, isTaken: false });
    this.sent.set(ref, all);
    if (mayHavePaid && !certainlyPays([...all.values()])) this.mayBeDisabled.add(ref);
  }

  /** Temporal has it. */
  taken(statement: Statement): void {
    this.sent.get(statement.ref)?.set(statement.id, { statement, isTaken: true });
  }

  hasTaken(statements: readonly Statement[]): boolean {
    return statements.every(({ ref, id }) => this.sent.get(ref)?.get(id)?.isTaken === true);
  }

  /** False while the product has known of a paid subscription ever since it knew of the first. */
  everGaveReasonToDisable(ref: string): boolean {
    return this.mayBeDisabled.has(ref);
  }
}

/** Whatever has arrived of what is on its way, one subscription is paid for. */
function certainlyPays(all: readonly Sent[]): boolean {
  const bySubscription = new Map<string, Sent[]>();
  for (const one of all) {
    const key = subscriptionKey(one.statement);
    bySubscription.set(key, [...(bySubscription.get(key) ?? []), one]);
  }
  return [...bySubscription.values()].some(isCertainlyPaid);
}

function isCertainlyPaid(all: readonly Sent[]): boolean {
  const known = Math.max(...all.filter(({ isTaken }) => isTaken).map(({ statement }) => statement.at));
  return known > 0 && all.every(({ statement }) => statement.at < known || isPaid(statement));
}

function isPaid({ subscription }: Statement): boolean {
  return subscription !== undefined && pays(subscription.state);
}
