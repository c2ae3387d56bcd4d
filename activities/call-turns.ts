import type { Info } from '@temporalio/activity';
import type { ByClass, CallTurn } from '../acronis/index.js';
import { BULK_PRIORITY } from '../contract/call-budget.js';
import type { AttemptSlots } from './cloud-slots.js';

/** The calls of this process to a cloud with a budget. */
interface WaitingCalls {
  waiting(): ByClass;
}

/** A local attempt holds up a workflow task, so it begins only while fewer calls than this wait. */
const MOST_BEFORE_LOCAL = 4;
/** Of the slots of a worker, while calls wait for their budget: bulk attempts leave some to urgent ones, and both to other work. */
const BULK_PART = 0.5;
const ALL_PART = 0.8;

/** Where the calls of an attempt stand among those that wait for the budget: bulk last, and older attempts first. */
export function turnOf(info: Pick<Info, 'priority'>): Omit<CallTurn, 'signal'> {
  return { bulk: isBulk(info), since: performance.now() };
}

/** True for an attempt of a run that no person waits for. */
function isBulk({ priority }: Pick<Info, 'priority'>): boolean {
  return (priority?.priorityKey ?? 0) >= BULK_PRIORITY;
}

/** Keeps attempts that would only wait for the budget of their cloud from using up the slots of the worker. */
export class BudgetSlots {
  private readonly atWork = new Map<string, ByClass>();

  constructor(
    private readonly clouds: ReadonlyMap<string, WaitingCalls>,
    private readonly slots: AttemptSlots,
  ) {}

  /** Counts an attempt, and answers the function that ends it; undefined when it is to be made later. */
  enter(cloud: string, info: Pick<Info, 'isLocal' | 'priority'>): (() => void) | undefined {
    const calls = this.clouds.get(cloud);
    if (calls === undefined) return () => undefined;
    const { urgent, bulk } = calls.waiting();
    if (info.isLocal) return urgent + bulk < MOST_BEFORE_LOCAL ? () => undefined : undefined;
    const atWork = this.atWork.get(cloud) ?? { urgent: 0, bulk: 0 };
    this.atWork.set(cloud, atWork);
    if (urgent + bulk > 0 && this.isFull(atWork, info)) return undefined;
    const kind = isBulk(info) ? 'bulk' : 'urgent';
    atWork[kind] += 1;
    return () => void (atWork[kind] -= 1);
  }

  private isFull({ urgent, bulk }: ByClass, info: Pick<Info, 'priority'>): boolean {
    const { ordinary } = this.slots;
    if (isBulk(info) && bulk >= Math.max(1, ordinary * BULK_PART)) return true;
    return urgent + bulk >= Math.max(1, ordinary * ALL_PART);
  }
}
