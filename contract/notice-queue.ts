import type { Notice } from './notices.js';

/** The type of the workflow that holds the notices for one target until they may be sent. */
export const NOTICE_QUEUE = 'noticeQueue';

/** The workflow id of the queue of a target. */
export function noticeQueueId(target: string): string {
  return `${NOTICE_QUEUE}:${target}`;
}

/** What the workflow is started with. */
export interface NoticeQueueStart {
  /** The name of the target in `notices.json`. */
  target: string;
}

/** How the queue of a target is started by its first notice. */
export function startOfNoticeQueue(target: string, taskQueue: string) {
  return {
    workflowId: noticeQueueId(target),
    taskQueue,
    args: [{ target }] satisfies [NoticeQueueStart],
    workflowTaskTimeout: '5 seconds' as const,
    staticSummary: 'Holds notices until they may be sent',
  };
}

/** The most urgent first. Only `urgent` is never held back by quiet hours or for a digest. */
export const severities = ['urgent', 'normal', 'low'] as const;
export type Severity = (typeof severities)[number];

/** When notices may be sent, for some days ahead. Milliseconds since 1970. */
export interface SendTimes {
  /** In order and apart from each other; the second time is the first that is no longer quiet. */
  quiet: readonly (readonly [from: number, until: number])[];
  /** Only at these times, whether quiet or not; absent without a digest. */
  digest?: readonly number[] | undefined;
}

/** Signal to a queue: a notice for its target. Safe to repeat: the same id counts once. */
export const HOLD_NOTICE_SIGNAL = 'holdNotice';

export interface RoutedNotice {
  id: string;
  notice: Notice;
  severity: Severity;
  /** Notices with the same text here are one message with a count. */
  cause: string;
  /** What the notice is about, such as a run; the names of several stand in one message. */
  name: string;
  /** For how long notices of the same cause are collected before the first message, in milliseconds. */
  gatherMs: number;
  /** How long after a message of the same cause the next one may follow, in milliseconds. */
  againMs: number;
  times: SendTimes;
}

/** How many names a message has at most of one cause. */
export const MOST_NAMES = 10;

/** The notices of one cause, as one part of a message. Times are ISO 8601. */
export interface NoticeGroup {
  severity: Severity;
  cause: string;
  /** The first of them, or its newest reminder. */
  notice: Notice;
  /** How many there are, without reminders. */
  count: number;
  reminders: number;
  /** The first `MOST_NAMES`, each once. */
  names: readonly string[];
  /** How many of the same cause were in earlier messages. */
  earlier: number;
  since: string;
}

/** What is sent to a target at a time. */
export interface NoticeBatch {
  /** The same for each try, so that a receiver can drop duplicates. */
  id: string;
  /** The most urgent first. */
  groups: readonly NoticeGroup[];
  /** How many notices found no room in the queue. */
  more: number;
  /** How many earlier notices could not be delivered. */
  lost: number;
}
