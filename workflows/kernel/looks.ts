import { sleep } from '@temporalio/workflow';
import { activities, localActivities } from './activity-options.js';
import type { Attendant } from './attending.js';
import { call, type Name, type Result, type Spec } from './calling.js';
import type { Done } from '../../contract/steps.js';
import { describeFailure } from './describe-failure.js';
import { durationMs } from '../../contract/durations.js';
import { isForsaken } from './eviction.js';
import type { StatusBoard } from './status-board.js';

/** How a call is told of: what it is about, and as which step. */
export interface Naming {
  summary: string;
  as: string;
}

export interface Unless {
  /** Has the last word on why a look failed: when this fails too, that is the reason. */
  unless?: Promise<unknown> | undefined;
}

/** Between two looks of a poll; each pause is twice the one before. */
const FIRST_PAUSE_MS = durationMs('2 seconds');
const LONGEST_PAUSE_MS = durationMs('1 minute');

/** Looks things up: inside the workflow task while the cloud answers, visible as ordinary activities once it does not. */
export class Looks {
  constructor(
    private readonly board: StatusBoard,
    private readonly attendant: Attendant,
  ) {}

  async once<N extends Name>(name: N, spec: Spec<N>, { unless, ...naming }: Naming & Unless): Promise<Done<Result<N>>> {
    try {
      return await this.twice(name, spec, naming);
    } catch (error) {
      await unless;
      throw error;
    }
  }

  private async twice<N extends Name>(name: N, spec: Spec<N>, { summary, as }: Naming): Promise<Done<Result<N>>> {
    const options = { summary: short(summary) };
    try {
      return await call(localActivities, name, spec, options);
    } catch (error) {
      const { again, message, facts } = describeFailure(error);
      if (!again && !isForsaken(error)) throw error;
      this.attendant.calls += facts?.apiCalls ?? 0;
      this.board.note(as, message);
      const done = await call(activities, name, spec, { ...options, activityId: as });
      return { ...done, attempts: done.attempts + 1, lastError: done.lastError ?? message };
    }
  }

  /** Again and again, until there is something else than null, or this time is over. */
  async until<N extends Name>(
    name: N,
    spec: Spec<N>,
    naming: Naming,
    within: string,
  ): Promise<Done<NonNullable<Result<N>> | undefined>> {
    const end = Date.now() + durationMs(within);
    let apiCalls = 0;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const done = await this.once(name, spec, naming);
      apiCalls += done.apiCalls;
      const result = done.result ?? undefined;
      const left = end - Date.now();
      if (result !== undefined || left <= 0) return { ...done, result, apiCalls };
      await sleep(Math.min(pause, left), { summary: `Until ${naming.as} is asked again` });
    }
  }
}

/** Temporal keeps at most 400 bytes of a summary; names of customers may be longer. */
export function short(summary: string): string {
  return summary.length <= 100 ? summary : `${summary.slice(0, 99)}…`;
}
