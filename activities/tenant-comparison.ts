import { LONG_PAUSE_MS } from '../contract/orders.js';
import type { Attempt } from './attempt.js';
import { checkStillMeant, checkUndoStillMeant, type MeantTenant } from './still-meant.js';

/** `undo` is compared before its first change only: most undos change nothing. */
export type Compared = 'change' | 'undo';

/** Compares the tenant of an attempt with the one that its run means, whenever the last look is too old. */
export interface TenantComparison {
  /**
   * Looks at the tenant unless the last look is fresh, and answers whether it has looked. Fails with
   * `Tenantry.Unexpected` when the tenant is another customer's by now. `unseenMs`: time that this worker has not noticed.
   */
  unlessFresh(unseenMs?: number): Promise<boolean>;
  /** The id of the tenant once it has looked. */
  readonly seen: string | undefined;
}

interface ComparisonSpec {
  meant: MeantTenant;
  compares: Compared;
  /** True when this is not the first try: then nobody knows how old the last look is. */
  again: boolean;
}

export function compareTenant({ meant, compares, again }: ComparisonSpec, attempt: () => Attempt): TenantComparison {
  const check = compares === 'undo' ? checkUndoStillMeant : checkStillMeant;
  // a run that does not say when it looked has not looked
  let lookedAt = again || compares === 'undo' ? -Infinity : (meant.seenAt ?? -Infinity);
  let seen: string | undefined;
  return {
    get seen() {
      return seen;
    },
    async unlessFresh(unseenMs = 0) {
      const bound = attempt();
      const now = () => bound.now() + unseenMs;
      if (now() - lookedAt <= LONG_PAUSE_MS) return false;
      await check(meant, bound);
      lookedAt = now();
      seen = meant.tenantId;
      return true;
    },
  };
}
