import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineQuery,
  defineUpdate,
  setHandler,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { Amended } from '../decisions/amended.js';
import { checkAmendment, type Amendable } from '../decisions/amending.js';
import { hearWhoCancels } from '../decisions/cancelling.js';
import {
  AMENDMENT_REFUSED,
  choices,
  type AmendRequest,
  type Decision,
  type DecisionRequest,
} from '../../contract/decisions.js';
import { describeFailure } from './describe-failure.js';
import { Desk } from '../decisions/desk.js';
import { closing, end } from './ending.js';
import { FailureType } from '../../contract/failures.js';
import type { Mark } from '../../contract/mark.js';
import type { EveryOrder } from '../../contract/orders.js';
import { readOrder } from './reading.js';
import { FIRST_REVISION } from '../../contract/revision.js';
import { Run, type Teller } from './step-runner.js';
import { StatusBoard } from './status-board.js';
import { STATUS_QUERY, type Completed, type OperationStatus, type Reason } from '../../contract/status.js';

/** The query that every operation answers. */
export const statusQuery = defineQuery<OperationStatus>(STATUS_QUERY);

const descriptions = {
  retry: 'Try the blocked step again: {"actor", "reason"}',
  amend: 'Go on with another input: {"actor", "reason", "input"}; what is done stays done',
  skip: 'Do without the blocked step: {"actor", "reason"}',
  abort: 'Give up and remove what was made: {"actor", "reason"}',
} as const;

/** What a story gets: the order with its defaults, the mark to write into what it makes, and the run to do it with. */
export interface Begun<Order> {
  order: Order;
  cloud: string;
  mark: Mark;
  /** False after a reset or an amendment, and once there was something to adopt: then even a first attempt must look before it creates. */
  first: boolean;
  /** True after a reset: what was done before is not known. */
  reset?: boolean;
  /** What the version that began this run would do: see `revision.ts`. */
  revision: number;
  /** When the run was started, in ISO 8601; absent after a reset and in a plan. */
  since?: string;
  run: Teller;
}

export interface Operation<Order, Made> {
  name: string;
  steps(order: Order): readonly string[];
  /** What a person may still change while the run is blocked. */
  amendable: Amendable;
  story(begun: Begun<Order>): Promise<Made>;
}

/**
 * Runs an operation: reads its input, tells its story, and sees to it that it ends either as asked, or as before, or with every
 * leftover named. Only failures undo; a mistake in our own code stalls the run until it is mended.
 */
export async function runOperation<Order extends EveryOrder, Made extends object>(
  operation: Operation<Order, Made>,
  input: unknown,
): Promise<Completed & Made> {
  const { name, steps, amendable, story } = operation;
  const board = new StatusBoard(name);
  let begun: Begun<Order> | undefined;
  const desk = new Desk(board, async (amended) => {
    const order = await readAmended(name, amended);
    checkAmendment(begun!.order, order, { amendable, board, desk });
    return order;
  });
  setHandler(statusQuery, () => board.status(), { description: 'What is going on in this run, or how it ended' });
  openDesk(desk);
  const cancelled = hearWhoCancels();
  const run = new Run(board, desk);
  begun = await begin(operation, { board, run, desk }, input);
  for (;;)
    try {
      const made = await story(begun);
      // its last call was waited for, but is not to stay
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the run was cancelled');
      complete(board, run);
      await run.leave();
      return { ...(board.status() as Completed), ...made };
    } catch (error) {
      if (error instanceof Amended) {
        begun = { ...begun, order: error.order as Order, first: false };
        desk.policy = { ...begun.order, cloud: begun.cloud };
        board.plan(steps(begun.order));
      } else if (!(error instanceof TemporalFailure) || describeFailure(error).bug) throw error;
      else {
        const how = desk.ending ?? (begun.order.onFailure === 'keep' ? 'keep' : 'undo');
        try {
          return await end(error, how, { board, run, cancelled });
        } finally {
          await run.leave();
        }
      }
    }
}

async function begin<Order extends EveryOrder>(
  { name, steps }: Operation<Order, object>,
  { board, run, desk }: { board: StatusBoard; run: Run; desk: Desk },
  input: unknown,
): Promise<Begun<Order>> {
  const { runId, firstExecutionRunId, startTime } = workflowInfo();
  const asking = { runId: firstExecutionRunId, startedAt: startTime.getTime() };
  // a run that is cancelled before it has begun still says what it was to do, and that it was cancelled
  const reading = await CancellationScope.nonCancellable(async () => await readOrder(name, input ?? null, asking));
  if (!reading.ok) {
    const reason: Reason = { type: FailureType.InvalidInput, message: reading.message };
    board.turn({ state: 'failed', reason }, reason);
    throw closing(board, reason);
  }
  const order = reading.order as Order;
  desk.policy = { ...order, cloud: reading.cloud };
  board.plan(steps(order));
  if (reading.consoleUrl !== undefined) board.know({ consoleUrl: reading.consoleUrl });
  if (order.externalRef !== undefined) board.know({ externalRef: order.externalRef });
  board.turn({ state: 'running' });
  const mark = { environment: reading.environment, key: reading.key, runId: firstExecutionRunId };
  const { cloud, revision = FIRST_REVISION } = reading;
  const reset = runId !== firstExecutionRunId;
  run.revision = revision;
  run.ahead = { ...reading.ahead };
  const since = reset ? {} : { since: startTime.toISOString() };
  return { order, cloud, mark, first: !reset, reset, revision, ...since, run };
}

/** What a completed run leaves is found by the same reason as what a failed one leaves. */
function complete(board: StatusBoard, { changed, apiCalls }: Run): void {
  const leftovers = board.leftovers();
  const told = { state: 'completed' as const, changed, adopted: board.adopted(), apiCalls };
  if (leftovers.length === 0) return board.turn(told);
  const message = leftovers.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
  board.turn({ ...told, leftovers }, { type: FailureType.Leftovers, message });
}

function openDesk(desk: Desk): void {
  for (const choice of choices)
    setHandler(
      defineUpdate<Decision, [DecisionRequest | AmendRequest]>(choice),
      async (request) => await desk.decide(choice, request),
      { validator: (request) => desk.validate(choice, request), description: descriptions[choice] },
    );
}

async function readAmended(operation: string, input: unknown): Promise<object> {
  const reading = await readOrder(operation, input);
  if (reading.ok) return reading.order;
  throw ApplicationFailure.nonRetryable(`the amended input is refused: ${reading.message}`, AMENDMENT_REFUSED);
}
