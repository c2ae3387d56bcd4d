import { Context } from '@temporalio/activity';
import type { EarlierRuns, EarlierSpec } from '../contract/earlier-runs.js';
import { placeOfKey, type TurnGrant } from '../contract/turn-queue.js';
import { earlierRunsOf } from './earlier-runs.js';
import { claimTurn } from './turn-claims.js';

/** The run that asks: its first run id, its start, and when it asks, in milliseconds since 1970. */
export interface AskingRun {
  runId: string;
  startedAt: number;
  askedAt?: number;
}

/** A run for a new tenant gets this with its input. `turn` is null when the run must wait for it. */
export interface ClaimedAhead {
  turn: TurnGrant | null;
  earlier: EarlierRuns;
}

const DEADLINE_MS = 3000;

/** Claims the turn of a key and finds earlier runs. Undefined when Temporal is slow. Safe to repeat. */
export async function claimAhead(spec: EarlierSpec, { runId, ...times }: AskingRun): Promise<ClaimedAhead | undefined> {
  const { client, info } = Context.current();
  const { cloud, mark } = spec;
  const claim = { cloud, place: placeOfKey(mark), runId, ...times, passes: false, about: { key: mark.key } };
  try {
    const [turn, earlier] = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      Promise.all([claimTurn(claim), earlierRunsOf(client, spec, [info.workflowExecution?.runId, runId])]),
    );
    return { turn, earlier };
  } catch {
    return undefined;
  }
}
