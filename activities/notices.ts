import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { safeCause } from '../acronis/index.js';
import type { NoticeBatch } from '../contract/notice-queue.js';
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
  /** Sends a message to a target of `notices.json`; absent where the worker has none. */
  sendToTarget?: ((target: string, batch: NoticeBatch) => Promise<void>) | undefined;
}

export function createNoticeActivities({ messengers, sendToTarget }: NoticeDependencies) {
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
          failures.push(`${name}: ${causeOf(error)}`);
        }
      if (failures.length > 0) throw ApplicationFailure.retryable(failures.join('; '), NOTICE_NOT_SENT);
    },

    /** Sends a message from the queue of a target, once. */
    sendNotices: async (target: string, batch: NoticeBatch): Promise<void> => {
      const why = 'this worker has no TENANTRY_NOTICES, and a queue still holds notices: give it the file';
      if (sendToTarget === undefined) throw ApplicationFailure.retryable(why, NOTICE_NOT_SENT);
      await sendToTarget(target, batch).catch((error: unknown) => {
        throw ApplicationFailure.retryable(`${target}: ${causeOf(error)}`, NOTICE_NOT_SENT);
      });
    },
  };
}

/** Not the message, which may hold an address with a token. */
function causeOf(error: unknown): string {
  const { code, name } = safeCause(error);
  return code ?? name;
}

function reachedBefore(details: unknown): string[] | undefined {
  return Array.isArray(details) ? (details as string[]) : undefined;
}
