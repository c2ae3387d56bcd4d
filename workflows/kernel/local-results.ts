import { ActivityFailure, RetryState, TimeoutFailure } from '@temporalio/common';
import { CancellationScope, condition, type LocalActivityInput, type WorkflowInterceptors } from '@temporalio/workflow';

/** So often all that one result has caused is waited for; conditions can depend on conditions. */
const ROUNDS = 2;

interface Delivery {
  waiting: (() => void)[];
  inOrder: boolean;
  delivering: boolean;
}

/** All runs of a worker share the modules; what is global belongs to one run. */
const ofThisRun = globalThis as { tenantryDelivery?: Delivery };

function delivery(): Delivery {
  ofThisRun.tenantryDelivery ??= { waiting: [], inOrder: false, delivering: false };
  return ofThisRun.tenantryDelivery;
}

/**
 * From now on, the results of local activities reach the workflow one at a time. During a replay Temporal can pass
 * several at once that came one by one in the run itself; then what follows from them would be scheduled in another
 * order than the history has, and the run could never be replayed again.
 */
export function deliverLocalResultsInOrder(): void {
  delivery().inOrder = true;
}

export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      async scheduleLocalActivity(input, next) {
        const settled = next(input);
        try {
          if (delivery().inOrder) await settled.then(untilDelivered, untilDelivered);
          return await settled;
        } catch (error) {
          throw asAtFirst(error, input);
        }
      },
    },
  ],
});

/**
 * A history keeps the timeout of a local activity without the failure around it that the workflow got at first. A replay
 * must get the same, or a workflow that distinguishes timeouts could never be replayed again.
 */
function asAtFirst(error: unknown, { activityType, seq }: LocalActivityInput): unknown {
  if (!(error instanceof TimeoutFailure)) return error;
  const message = 'Local Activity timed out';
  return new ActivityFailure(message, activityType, String(seq), RetryState.CANCEL_REQUESTED, undefined, error);
}

async function untilDelivered(): Promise<void> {
  const { waiting, delivering } = delivery();
  const mine = new Promise<void>((resolve) => waiting.push(resolve));
  if (!delivering) void deliver();
  await mine;
}

async function deliver(): Promise<void> {
  const mine = delivery();
  mine.delivering = true;
  for (let next = mine.waiting.shift(); next !== undefined; next = mine.waiting.shift()) {
    next();
    for (let round = 0; round < ROUNDS; round += 1) await untilQuiet();
  }
  mine.delivering = false;
}

/** Resolves when nothing more happens without a new event. */
async function untilQuiet(): Promise<void> {
  let asked = 0;
  // Temporal asks once at the call, and again when no other code of the workflow can go on
  await CancellationScope.nonCancellable(async () => await condition(() => (asked += 1) > 1));
}
