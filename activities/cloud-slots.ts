import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/**
 * How many attempts a worker makes at a time: of ordinary activities, and of local ones, which hold up a workflow task.
 */
export interface AttemptSlots {
  ordinary: number;
  local: number;
}

type Kind = keyof AttemptSlots;

/**
 * The type of the failure with which an attempt gives its slot back. It is always tried again, so no run ends with it.
 */
const STOOD_BACK = 'Tenantry.StoodBack';

const FIRST_PAUSE_MS = 500;
/** As long as a call that hangs: before that hardly any slot becomes free. */
const LONGEST_WAIT_MS = 20_000;
const LONGEST_PAUSE_MS = 30_000;
const PROBE_WAIT_MS = 10_000;
/** The budget lets somebody through all the time, and soon nobody would wait. */
const LONGEST_BUDGET_WAIT_MS = 4000;

/** What has no room for an attempt: the share of the cloud, or its budget. A probe is not urgent. */
export type StandingBack = 'share' | 'budget' | 'probe';

const manyUnderWay = (cloud: string) => `cloud "${cloud}" has as many calls under way on this worker as it may have`;

const problems: Record<StandingBack, (cloud: string) => string> = {
  share: manyUnderWay,
  probe: manyUnderWay,
  budget: (cloud) => `enough calls of this worker wait for the budget of cloud "${cloud}"`,
};

const waits: Record<StandingBack, (times: number) => number> = {
  share: (times) => Math.min(LONGEST_WAIT_MS, pauseAfter(times)),
  budget: (times) => Math.min(LONGEST_BUDGET_WAIT_MS, pauseAfter(times)),
  probe: () => PROBE_WAIT_MS,
};

/**
 * Divides the slots of a worker among its clouds: each may use half of what the others leave. So one cloud whose calls
 * hang uses at most half of the slots; n such clouds use one part in n + 1 each, and one part stays free. A single
 * cloud may use all.
 */
export class CloudSlots {
  private readonly atWork: Record<Kind, Map<string, number>> = { ordinary: new Map(), local: new Map() };

  constructor(
    private readonly slots: AttemptSlots,
    private readonly clouds: number,
  ) {}

  /** Counts an attempt, and answers the function that ends it; undefined when the cloud already uses its share. */
  enter(cloud: string, kind: Kind): (() => void) | undefined {
    const atWork = this.atWork[kind];
    const own = atWork.get(cloud) ?? 0;
    if (this.clouds > 1 && own >= this.shareOf(own, kind)) return undefined;
    atWork.set(cloud, own + 1);
    return () => void atWork.set(cloud, atWork.get(cloud)! - 1);
  }

  private shareOf(own: number, kind: Kind): number {
    const all = [...this.atWork[kind].values()].reduce((sum, some) => sum + some, 0);
    return Math.max(1, Math.floor((this.slots[kind] - (all - own)) / 2));
  }
}

/** A benign failure: no warning, and not counted as a failure. `times` is how often this call has stood back. */
export function standBackFailure(cloud: string, times: number, why: StandingBack): ApplicationFailure {
  const waitMs = waits[why](times);
  return ApplicationFailure.create({
    type: STOOD_BACK,
    message: `${problems[why](cloud)}; this one is made soon`,
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: Math.round(waitMs * (0.5 + Math.random())),
  });
}

/**
 * The pause after the nth failure in milliseconds, as Temporal computes it, but without the attempts that stood back.
 */
export function pauseAfter(nth: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (nth - 1));
}
