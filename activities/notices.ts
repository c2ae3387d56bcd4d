import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { safeCause } from '../acronis/index.js';
import { NOT_TOLD, type Notice } from '../contract/notices.js';

/**
 * One way to reach people. `id` is the same for each try of one notice, so that a receiver can drop what it has seen. Of an error only its
 * code, else its name, is told: its message may hold an address, and that a token.
 */
export interface Messenger {
  name: string;
  send(notice: Notice, id: string): Promise<void>;
}

export interface NoticeDependencies {
  /** Every way that is configured; a notice goes to all of them. */
  messengers: readonly Messenger[];
}

export function createNoticeActivities({ messengers }: NoticeDependencies) {
  return {
    /** Tells people. A repeat goes only to those that an earlier try did not reach, as far as that is known. */
    notify: async (notice: Notice): Promise<void> => {
      const { info, heartbeat } = Context.current();
      const { workflowExecution, activityId } = info;
      const id = `${workflowExecution?.runId ?? ''}-${activityId}`;
      const reached = new Set(info.attempt === 1 ? [] : (reachedBefore(info.heartbeatDetails) ?? []));
      const failures: string[] = [];
      for (const { name, send } of messengers.filter((one) => !reached.has(one.name)))
        try {
          await send(notice, id);
          reached.add(name);
          heartbeat([...reached]);
        } catch (error) {
          const { code, name: kind } = safeCause(error);
          failures.push(`${name}: ${code ?? kind}`);
        }
      if (failures.length > 0) throw ApplicationFailure.retryable(failures.join('; '), NOT_TOLD);
    },
  };
}

function reachedBefore(details: unknown): string[] | undefined {
  return Array.isArray(details) ? (details as string[]) : undefined;
}
