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
import {
  AMENDMENT_REFUSED,
  choices,
  type AmendRequest,
  type Decision,
  type DecisionRequest,
} from '../../contract/decisions.js';
import type { Proven } from '../../contract/actors.js';
import { FailureType } from '../../contract/failures.js';
import type { EveryOrder } from '../../contract/orders.js';
import {
  DEADLINES_STAND_STILL,
  FIRST_REVISION,
  LOCAL_RESULTS_IN_ORDER,
  NOTICES_LOST_CLAIMS,
  RELEASES_BY_SIGNAL,
  STOPS_LATE_STEPS,
  WATCHES_PASSING_RUNS,
} from '../../contract/revision.js';
import { STATUS_QUERY, type Completed, type OperationStatus, type Reason } from '../../contract/status.js';
import { checkAmendment, InputAmended } from '../decisions/amendments.js';
import { ActorCheck } from '../decisions/actor-check.js';
import { listenForCancelReason, type CancelReason } from '../decisions/cancellation.js';
import { DecisionDesk } from '../decisions/decision-desk.js';
import { unblockingOperations } from '../turns/passing-runs.js';
import { Turns } from '../turns/turns.js';
import { describeFailure } from './describe-failure.js';
import { createClosingFailure, endRun } from './end-run.js';
import { deliverLocalResultsInOrder } from './local-results.js';
import type { OperationContext, OperationDefinition, StartDetails } from './operation.js';
import { readInput } from './read-input.js';
import { StatusBoard } from './status-board.js';
import { StepRunner } from './step-runner.js';
import { Undos } from './undos.js';
import { Watchers } from './watchers.js';

/** The query that every operation answers. */
const statusQuery = defineQuery<OperationStatus>(STATUS_QUERY);

const descriptions = {
  retry: 'Try the blocked step again: {"actor", "reason"}',
  amend: 'Continue with another input: {"actor", "reason", "input"}; finished steps stay done',
  skip: 'Skip the blocked step: {"actor", "reason"}',
  abort: 'Give up and remove what was created: {"actor", "reason"}',
} as const;

interface RunParts {
  board: StatusBoard;
  desk: DecisionDesk;
  runner: StepRunner;
  undos: Undos;
  watchers: Watchers;
}

/**
 * Runs an operation: reads its input, does its steps, and ends completed, undone, or with every leftover reported. Only
 * failures undo; a bug in Tenantry stalls the run until it is fixed.
 */
export async function runOperation<Order extends EveryOrder, Made extends object, State>(
  definition: OperationDefinition<Order, Made, State>,
  input: unknown,
  start?: StartDetails,
): Promise<Completed & Made> {
  const { name, steps, amendable } = definition;
  const state = definition.state?.() as State;
  const board = new StatusBoard(name);
  definition.accept?.(state, () => board.status());
  let context: OperationContext<Order> | undefined;
  const desk = new DecisionDesk(board, async (amended) => {
    const order = await readAmendedInput(name, amended);
    const { order: there, revision } = context!;
    const now = typeof amendable === 'function' ? amendable(state, revision) : amendable;
    checkAmendment(there, order, { amendable: now, board, desk });
    return order;
  });
  setHandler(statusQuery, () => board.status(), { description: 'The state of this run, or how it ended' });
  const actors = new ActorCheck();
  acceptDecisions(desk, actors);
  const cancelReason = listenForCancelReason(actors, (signal) => board.signalDropped(signal));
  const undos = new Undos(board);
  const watchers = new Watchers(board);
  const parts = { board, desk, undos, watchers, runner: createRunner(board, desk, undos) };
  context = { ...(await startRun(definition, parts, input)), ...(start?.expects && { expects: start.expects }) };
  for (;;)
    try {
      const made = await definition.run(context, state);
      const result = { ...(await completeRun(parts)), ...made };
      if (watchers.areWaiting) await watchers.informOfEnd(result);
      return result;
    } catch (error) {
      if (!(error instanceof InputAmended))
        return await handleFailure(error, context.order, { ...parts, cancelReason });
      context = { ...context, order: error.order as Order, first: false };
      desk.startAgain({ ...context.order, cloud: context.cloud });
      board.planSteps(steps(context.order, context.revision));
    }
}

function createRunner(board: StatusBoard, desk: DecisionDesk, undos: Undos): StepRunner {
  const turns = new Turns({
    onWaiting: (waiting) => board.setWaitingFor(waiting),
    onDropped: (signal) => board.signalDropped(signal),
    passes: unblockingOperations.includes(board.operation),
    watchesPassingRuns: () => runner.revision >= WATCHES_PASSING_RUNS,
    noticesLostClaims: () => runner.revision >= NOTICES_LOST_CLAIMS,
    releasesBySignal: () => runner.revision >= RELEASES_BY_SIGNAL,
    isIdle: () => desk.isWaiting && runner.executor.inProgress === 0,
  });
  const runner = new StepRunner({ board, desk, undos, turns });
  return runner;
}

async function startRun<Order extends EveryOrder>(
  { name, steps }: Pick<OperationDefinition<Order, object>, 'name' | 'steps'>,
  { board, runner, desk, watchers }: RunParts,
  input: unknown,
): Promise<OperationContext<Order>> {
  const { runId, firstExecutionRunId, startTime } = workflowInfo();
  const claimFor = { runId: firstExecutionRunId, startedAt: startTime.getTime(), askedAt: Date.now() };
  // a run that is cancelled before its first task still reports its order, and that it was cancelled
  const reading = await CancellationScope.nonCancellable(async () => await readInput(name, input ?? null, claimFor));
  watchers.start(reading.revision ?? FIRST_REVISION);
  if (!reading.ok) {
    const reason: Reason = { type: FailureType.InvalidInput, message: reading.message };
    board.setState({ state: 'failed', reason }, reason);
    if (watchers.areWaiting) await watchers.informOfEnd(board.status());
    throw createClosingFailure(board, reason);
  }
  const order = reading.order as Order;
  desk.failurePolicy = { ...order, cloud: reading.cloud };
  const { cloud, revision = FIRST_REVISION } = reading;
  board.planSteps(steps(order, revision));
  if (reading.consoleUrl !== undefined) board.setFacts({ consoleUrl: reading.consoleUrl });
  if (order.externalRef !== undefined) board.setFacts({ externalRef: order.externalRef });
  board.setState({ state: 'running' });
  const mark = { environment: reading.environment, key: reading.key, runId: firstExecutionRunId };
  const wasReset = runId !== firstExecutionRunId;
  // runs of older versions do not record which run read the input
  const wasResetToStart = wasReset && (reading.runId ?? runId) === runId;
  desk.stopsLateSteps = revision >= STOPS_LATE_STEPS;
  if (revision >= LOCAL_RESULTS_IN_ORDER) deliverLocalResultsInOrder();
  desk.deadlinesStandStill = revision >= DEADLINES_STAND_STILL;
  runner.revision = revision;
  runner.wasResetToStart = wasResetToStart;
  runner.answersAhead = { ...reading.ahead };
  const since = wasReset ? {} : { since: startTime.toISOString() };
  return { order, cloud, mark, first: !wasReset, wasReset, wasResetToStart, revision, ...since, steps: runner };
}

/** Leftovers of a completed run get the same reason as those of a failed one, so that a search finds both. */
async function completeRun({ board, runner }: RunParts): Promise<Completed> {
  // a cancellation arrived during the last call
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the run was cancelled');
  const { changed, apiCalls } = runner;
  const leftovers = board.leftovers();
  const completed = { state: 'completed' as const, changed, adopted: board.adopted(), apiCalls };
  if (leftovers.length === 0) board.setState(completed);
  else {
    const message = leftovers.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
    board.setState({ ...completed, leftovers }, { type: FailureType.Leftovers, message });
  }
  await runner.releaseTurns();
  return board.status() as Completed;
}

/** A bug in Tenantry stalls the run; any failure ends it. */
async function handleFailure(
  error: unknown,
  { onFailure }: EveryOrder,
  { board, desk, runner, undos, watchers, cancelReason }: RunParts & { cancelReason: CancelReason },
): Promise<never> {
  if (!(error instanceof TemporalFailure) || describeFailure(error).bug) throw error;
  const how = desk.endAs ?? (onFailure === 'keep' ? 'keep' : 'undo');
  try {
    return await endRun(error, how, { board, runner, undos, givenUp: desk.endAs === 'undo', cancelReason });
  } finally {
    await runner.releaseTurns();
    if (watchers.areWaiting) await watchers.informOfEnd(board.status());
  }
}

function acceptDecisions(desk: DecisionDesk, actors: ActorCheck): void {
  for (const choice of choices) {
    const validate = (request: DecisionRequest) => desk.validate(choice, request);
    setHandler(
      defineUpdate<Decision, [Proven<DecisionRequest | AmendRequest>]>(choice),
      async (request) => {
        const taking = { choice, request, about: () => desk.about, validate: () => validate(request) };
        return await actors.take(taking, async (known) => await desk.decide(choice, known));
      },
      { validator: validate, description: descriptions[choice] },
    );
  }
}

async function readAmendedInput(operation: string, input: unknown): Promise<object> {
  const reading = await readInput(operation, input);
  if (reading.ok) return reading.order;
  throw ApplicationFailure.nonRetryable(`the amended input is refused: ${reading.message}`, AMENDMENT_REFUSED);
}
