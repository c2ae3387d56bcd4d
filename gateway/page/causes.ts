import type { Client } from '@temporalio/client';
import type { Board } from '../../client/board.js';
import type { ListedCustomer } from '../../client/customer-list.js';
import { operationStatus } from '../../client/status.js';
import { TenantryError } from '../../contract/errors.js';
import { viewOf, type WhoMustAct } from '../../contract/view.js';
import { Recent } from './recent.js';
import type { NamedLine } from './subjects.js';

/** Blocked runs with the same cause. */
export interface Cause {
  /** The type of the failure, and the step. */
  type: string;
  step: string;
  who: WhoMustAct;
  /** Why the first of them is blocked; absent while no worker says it. */
  message?: string;
  runs: NamedLine[];
}

export interface ExplainedBoard extends Pick<Board, 'hasMore' | 'workers'> {
  open: NamedLine[];
  closed: NamedLine[];
  leftovers: NamedLine[];
  causes: Cause[];
  /** Customers that do not go on without a person; none for a key that does not see customers. */
  customers: readonly ListedCustomer[];
  /** The ids of rollouts that wait for a decision; none for a key that does not see all customers. */
  rollouts: readonly string[];
}

/** So many causes are explained at a time; a worker is asked for each. */
const MOST_EXPLAINED = 20;
const KNOWN_MS = 5000;

type Explanation = Pick<Cause, 'who' | 'message'>;

/** Groups blocked runs by their cause. One run of each group is asked why. */
export class Causes {
  private readonly explanations = new Recent<Explanation>(KNOWN_MS);

  constructor(private readonly parts: { client: Client; taskQueue: string }) {}

  /** The causes of those of these runs that are blocked; that of most runs first. */
  async of(open: readonly NamedLine[]): Promise<Cause[]> {
    const causes = grouped(open);
    const explained = causes.slice(0, MOST_EXPLAINED).map(async (cause) => {
      const { id, runId } = cause.runs[0]!;
      const why = await this.explanations.get(
        `${runId} ${cause.step} ${cause.type}`,
        async () => await this.explain(id),
      );
      return { ...cause, ...why };
    });
    return [...(await Promise.all(explained)), ...causes.slice(MOST_EXPLAINED)];
  }

  private async explain(id: string): Promise<Explanation> {
    try {
      const status = await operationStatus(this.parts.client, id, this.parts.taskQueue);
      const who = viewOf(status).whoMustAct;
      return status.state === 'blocked' ? { who, message: status.blocked.message } : { who };
    } catch (error) {
      if (error instanceof TenantryError) return { who: 'operator' };
      throw error;
    }
  }
}

function grouped(open: readonly NamedLine[]): Cause[] {
  const groups = new Map<string, Cause>();
  for (const run of open) {
    if (run.state !== 'blocked') continue;
    const { reason: type = 'unknown', step = '' } = run;
    const key = `${type} ${step}`;
    const cause = groups.get(key) ?? { type, step, who: 'operator' as const, runs: [] };
    cause.runs.push(run);
    groups.set(key, cause);
  }
  return [...groups.values()].toSorted((a, b) => b.runs.length - a.runs.length);
}
