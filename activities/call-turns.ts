import type { Info } from '@temporalio/activity';
import type { ByClass, CallTurn } from '../acronis/index.js';
import { BULK_PRIORITY } from '../contract/call-budget.js';
import type { AttemptSlots } from './cloud-slots.js';

/** The calls of this process to a cloud with a budget. */
interface WaitingCalls {
  waiting(): ByClass;
  /** Calls per second that may be made now. */
  readonly rate: number;
}

/** What is known of an attempt before it begins. */
type AttemptInfo = Pick<Info, 'isLocal' | 'priority'>;

/** A local attempt holds up a workflow task, so it begins only while fewer calls than this wait. */
const MOST_BEFORE_LOCAL = 4;
/** A run begins while so few calls wait, or those of so many seconds. Then runs that have begun soon get on. */
const MOST_BEFORE_RUN = 4;
const MOST_SECONDS_BEFORE_RUN = 2;
/** Of the slots of a worker, while calls wait for their budget: bulk leaves some to urgent attempts, and both to other work. */
const BULK_PART = 0.5;
const ALL_PART = 0.8;

/**
 * Where the calls of an attempt stand among those that wait for the budget: bulk last, and older runs first. So runs that
 * have begun end soon, instead of all runs getting on slowly: a run that waits long between two steps looks again at what
 * it has seen, which costs calls.
 */
export function turnOf(info: Pick<Info, 'priority' | 'workflowExecution'>): Omit<CallTurn, 'signal'> {
  return { bulk: isBulk(info), since: startOf(info.workflowExecution?.runId) ?? Date.now() };
}

/** When a run started, in milliseconds since 1970; undefined where its id, a UUID, does not begin with the time. */
function startOf(runId = ''): number | undefined {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(runId) ?? [];
  return high === undefined ? undefined : Number.parseInt(`${high}${low}`, 16);
}

/** True for an attempt of a run that no person waits for. */
function isBulk({ priority }: Pick<Info, 'priority'>): boolean {
  return (priority?.priorityKey ?? 0) >= BULK_PRIORITY;
}

/** Lets as many attempts begin as the budget of their cloud soon allows. The others give their slots back. */
export class BudgetSlots {
  private readonly atWork = new Map<string, ByClass>();

  constructor(
    private readonly clouds: ReadonlyMap<string, WaitingCalls>,
    private readonly slots: AttemptSlots,
  ) {}

  /**
   * Counts an attempt, and answers the function that ends it; undefined when it is to be made later. `onlyLooks`: it
   * changes nothing, so perhaps it is the first of its run.
   */
  enter(cloud: string, info: AttemptInfo, onlyLooks: boolean): (() => void) | undefined {
    const calls = this.clouds.get(cloud);
    if (calls === undefined) return () => undefined;
    const { urgent, bulk } = calls.waiting();
    const ahead = isBulk(info) ? urgent + bulk : urgent;
    if (info.isLocal) return urgent + bulk < MOST_BEFORE_LOCAL ? () => undefined : undefined;
    if (onlyLooks && ahead >= Math.max(MOST_BEFORE_RUN, calls.rate * MOST_SECONDS_BEFORE_RUN)) return undefined;
    const atWork = this.atWork.get(cloud) ?? { urgent: 0, bulk: 0 };
    this.atWork.set(cloud, atWork);
    if (urgent + bulk > 0 && this.isFull(atWork, info)) return undefined;
    const kind = isBulk(info) ? 'bulk' : 'urgent';
    atWork[kind] += 1;
    return () => void (atWork[kind] -= 1);
  }

  private isFull({ urgent, bulk }: ByClass, info: AttemptInfo): boolean {
    const { ordinary } = this.slots;
    if (isBulk(info) && bulk >= Math.max(1, ordinary * BULK_PART)) return true;
    return urgent + bulk >= Math.max(1, ordinary * ALL_PART);
  }
}
