import {
  ApplicationFailure,
  CancelledFailure,
  defineQuery,
  isCancellation,
  setHandler,
  TemporalFailure,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { localActivities } from './activity-options.js';
import { describeFailure } from './describe-failure.js';
import { FailureType } from './failures.js';
import type { Mark } from './mark.js';
import { Run } from './run.js';
import { StatusBoard } from './status-board.js';
import { FINAL_STATUS_MEMO, STATUS_QUERY, type OperationStatus, type Reason } from './status.js';

/** The query that every operation answers. */
export const statusQuery = defineQuery<OperationStatus>(STATUS_QUERY);

interface AnyOrder {
  cloud?: string;
  externalRef?: string;
  onFailure: 'ask' | 'undo' | 'keep';
}

/** What a story gets: the order with its defaults, the mark to write into what it makes, and the run to do it with. */
export interface Begun<Order> {
  order: Order;
  cloud: string;
  mark: Mark;
  /** False after a reset: then even a first attempt must look before it creates. */
  first: boolean;
  run: Run;
}

export interface Operation<Order, Made> {
  name: string;
  steps(order: Order): readonly string[];
  story(begun: Begun<Order>): Promise<Made>;
}

type Completed<Made> = Extract<OperationStatus, { state: 'completed' }> & Made;

/**
 * Runs an operation: reads its input, tells its story, and sees to it that it ends either as asked, or as before, or with every
 * leftover named. Only failures undo; a mistake in our own code stalls the run until it is mended.
 */
export async function runOperation<Order extends AnyOrder, Made extends object>(
  operation: Operation<Order, Made>,
  input: unknown,
): Promise<Completed<Made>> {
  const board = new StatusBoard(operation.name);
  const run = new Run(board);
  setHandler(statusQuery, () => board.status(), { description: 'What is going on in this run, or how it ended' });
  const begun = await begin(operation, board, run, input);
  try {
    const made = await operation.story(begun);
    board.turn({ state: 'completed', changed: run.changed, adopted: board.adopted(), apiCalls: run.apiCalls });
    return { ...(board.status() as Extract<OperationStatus, { state: 'completed' }>), ...made };
  } catch (error) {
    if (!(error instanceof TemporalFailure) || describeFailure(error).bug) throw error;
    return await end(error, begun.order.onFailure, board, run);
  }
}

async function begin<Order extends AnyOrder>(
  { name, steps }: Operation<Order, object>,
  board: StatusBoard,
  run: Run,
  input: unknown,
): Promise<Begun<Order>> {
  const { runId, firstExecutionRunId } = workflowInfo();
  const reading = await localActivities.readInput({ operation: name, input: input ?? null });
  if (!reading.ok) {
    const reason: Reason = { type: FailureType.InvalidInput, message: reading.message };
    board.turn({ state: 'failed', reason }, reason);
    throw closing(board, reason);
  }
  const order = reading.order as Order;
  board.plan(steps(order));
  if (order.externalRef !== undefined) board.know({ externalRef: order.externalRef });
  board.turn({ state: 'running' });
  const mark = { environment: reading.environment, key: reading.key, runId: firstExecutionRunId };
  return { order, cloud: reading.cloud, mark, first: runId === firstExecutionRunId, run };
}

async function end(
  error: TemporalFailure,
  onFailure: AnyOrder['onFailure'],
  board: StatusBoard,
  run: Run,
): Promise<never> {
  const cancelled = isCancellation(error);
  const { type, message, step } = describeFailure(error);
  const cause: Reason = cancelled
    ? { type: 'Cancelled', message: 'the run was cancelled' }
    : { type, message, ...(step === undefined ? {} : { step }) };
  if (onFailure === 'keep' && !cancelled && run.mayHaveMade) {
    return finish({ ...cause, type: FailureType.Kept }, 'failed', board);
  }
  board.turn({ state: 'undoing', reason: cause }, cause);
  const { removed, leftovers } = await run.undo();
  if (leftovers.length > 0)
    return finish({ ...cause, type: FailureType.Leftovers }, cancelled ? 'cancelled' : 'failed', board, leftovers);
  if (cancelled) return finish(cause, 'cancelled', board);
  return finish(
    { ...cause, type: removed ? FailureType.Undone : FailureType.Refused },
    removed ? 'undone' : 'failed',
    board,
  );
}

function finish(
  reason: Reason,
  state: 'undone' | 'failed' | 'cancelled',
  board: StatusBoard,
  leftovers?: Extract<OperationStatus, { state: 'failed' }>['leftovers'],
): never {
  board.turn({ state, reason, ...(leftovers && state !== 'undone' ? { leftovers } : {}) }, reason);
  if (state === 'cancelled') {
    upsertMemo({ [FINAL_STATUS_MEMO]: board.status() });
    throw new CancelledFailure(reason.message);
  }
  throw closing(board, reason);
}

function closing(board: StatusBoard, { type, message }: Reason): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [board.status()] });
}
