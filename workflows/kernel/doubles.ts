import { CancellationScope } from '@temporalio/workflow';
import { LOOKS_FOR_DOUBLES_WHEN_KEPT } from '../../contract/revision.js';
import type { Leftover } from '../../contract/status.js';
import { call, type ActivityInput } from './activity-calls.js';
import { activities } from './activity-options.js';
import { describeFailure } from './describe-failure.js';
import type { StatusBoard } from './status-board.js';
import type { StepRunner } from './step-runner.js';
import type { Undos } from './undos.js';

const STEP = 'removeDoubles';

interface Ending {
  board: StatusBoard;
  undos: Undos;
  runner: Pick<StepRunner, 'revision' | 'wasResetToStart'>;
}

/**
 * Looks for a second tenant before a run ends that keeps what it has made: a call without answer can take effect
 * minutes later. Does nothing when every creation was answered, or when the run has looked already.
 */
export async function lookForDoubles({ board, undos, runner }: Ending): Promise<void> {
  const doubted = undos.doubtedTenant(runner.wasResetToStart);
  if (runner.revision < LOOKS_FOR_DOUBLES_WHEN_KEPT || doubted === undefined || board.stepState(STEP) === 'done')
    return;
  board.setState({ state: 'running' });
  const leftovers = await CancellationScope.nonCancellable(async () => await look(doubted, board, undos));
  board.setFacts({ leftovers });
}

async function look(spec: ActivityInput<typeof STEP>, board: StatusBoard, undos: Undos): Promise<Leftover[]> {
  board.stepStarted(STEP);
  try {
    const done = await call(activities, STEP, spec, { summary: 'Is there a second tenant?', activityId: STEP });
    undos.apiCalls += done.apiCalls;
    board.stepEnded(STEP, done);
    return done.result;
  } catch (error) {
    const { message, bug, facts } = describeFailure(error);
    if (bug) throw error;
    undos.apiCalls += facts?.apiCalls ?? 0;
    board.stepFailed(STEP, message, facts);
    const reason = `nobody knows whether there is a second tenant: ${message}`;
    return [{ kind: 'tenant', id: `unknown, marked for ${board.id}`, reason }];
  }
}
