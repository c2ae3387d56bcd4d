import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { safeCause } from '../acronis/index.js';
import { NOTICE_NOT_SENT, type Notice } from '../contract/notices.js';

/**
 * One way to notify people. `id` is the same for each try of a notice, so that a receiver can drop duplicates. Only the
 * code or name of an error is reported, because its message may contain an address with a token.
 */
export interface Messenger {
  name: string;
  send(notice: Notice, id: string): Promise<void>;
}

export interface NoticeDependencies {
  /** Every configured way; a notice goes to all of them. */
  messengers: readonly Messenger[];
}

export function createNoticeActivities({ messengers }: NoticeDependencies) {
  return {
    /** Sends a notice. A repeat leaves out the ways that are known to have worked. */
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
      if (failures.length > 0) throw ApplicationFailure.retryable(failures.join('; '), NOTICE_NOT_SENT);
    },
  };
}

function reachedBefore(details: unknown): string[] | undefined {
  return Array.isArray(details) ? (details as string[]) : undefined;
}
