import { Context } from '@temporalio/activity';
import type { EarlierRuns, EarlierSpec } from '../contract/earlier-runs.js';
import { placeOfKey, type Grant } from '../contract/turn-queue.js';
import { earlierRunsOf } from './earlier-runs.js';
import { claimTurn } from './turn-claims.js';

/** The run that asks: its first run id, and when it was started, in milliseconds since 1970. */
export interface Asking {
  runId: string;
  startedAt: number;
}

/** What a run for a new tenant knows as soon as its input is read: its turn at the key, null where it must wait for it, and earlier runs of the key. */
export interface ClaimedAhead {
  turn: Grant | null;
  earlier: EarlierRuns;
}

const DEADLINE_MS = 3000;

/** Claims the turn of a key and asks for its earlier runs. Undefined when Temporal does not answer soon: then the run asks by itself. Safe to repeat. */
export async function claimAhead(spec: EarlierSpec, { runId, startedAt }: Asking): Promise<ClaimedAhead | undefined> {
  const { client, info } = Context.current();
  const { cloud, mark } = spec;
  const claim = { cloud, place: placeOfKey(mark), runId, startedAt, passes: false, about: { key: mark.key } };
  try {
    const [turn, earlier] = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      Promise.all([claimTurn(claim), earlierRunsOf(client, spec, [info.workflowExecution?.runId, runId])]),
    );
    return { turn, earlier };
  } catch {
    return undefined;
  }
}
