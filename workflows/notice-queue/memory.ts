import type { NoticeBatch, NoticeGroup, Severity } from '../../contract/notice-queue.js';

/** What a queue takes along when it continues as new. Plain JSON; times are milliseconds since 1970. */
export interface QueueMemory {
  version: 1;
  held: HeldCause[];
  /** Causes whose message was taken for sending, oldest first: for some time they get no other one. */
  announced: AnnouncedCause[];
  /** Ids of the newest notices, oldest first. */
  seen: string[];
  /** How many notices found no room since the last message. */
  more: number;
  /** How many notices were given up since the last message. */
  lost: number;
  /** What is being sent. */
  outgoing?: Outgoing;
}

/** A cause that waits until it may be sent. */
export interface HeldCause extends NoticeGroup {
  due: number;
  againMs: number;
  /** A digest says everything that is new, so it needs no pause. */
  inDigest: boolean;
  /** About how large it is as JSON. */
  bytes: number;
}

export interface AnnouncedCause {
  cause: string;
  severity: Severity;
  /** How many notices it has had. */
  count: number;
  /** From when on it may have another message. */
  from: number;
}

/** A batch, and how often it was tried in vain. */
export interface Outgoing extends NoticeBatch {
  since: number;
  tries: number;
  nextTry: number;
}

export const emptyMemory = (): QueueMemory => ({
  version: 1,
  held: [],
  announced: [],
  seen: [],
  more: 0,
  lost: 0,
});

/** What the run before has left, or nothing: anybody may start a workflow with anything. */
export function memoryFrom(carried: QueueMemory | null | undefined): QueueMemory {
  return carried?.version === 1 ? { ...emptyMemory(), ...carried } : emptyMemory();
}
