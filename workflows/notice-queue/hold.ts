import { jsonBytes } from '../../contract/json-bytes.js';
import {
  MOST_NAMES,
  severities,
  type NoticeGroup,
  type RoutedNotice,
  type SendTimes,
} from '../../contract/notice-queue.js';
import type { Notice } from '../../contract/notices.js';
import type { AnnouncedCause, HeldCause, QueueMemory } from './memory.js';

const MOST_CAUSES = 100;
/** Room that only urgent notices get. */
const MOST_URGENT = 20;
/** Temporal carries at most two million bytes over to the next run; what is held and what is being sent count. */
const MOST_BYTES = 600_000;
const BYTES_OF_NAMES = 4000;
const MOST_ANNOUNCED = 500;
const MOST_SEEN = 500;

/**
 * Takes a notice. The first of a cause waits until others had time to join it; the rest are counted. A cause that had a
 * message lately waits for its pause to end, unless it has become more urgent. A notice for which there is no room is
 * counted without its words.
 */
export function hold(before: QueueMemory, routed: RoutedNotice, now: number): QueueMemory {
  if (before.seen.includes(routed.id)) return before;
  const memory = { ...before, seen: [...before.seen, routed.id].slice(-MOST_SEEN) };
  const isSame = ({ cause }: { cause: string }) => cause === routed.cause;
  const [held, announced] = [memory.held.find(isSame), memory.announced.find(isSame)];
  if (held !== undefined) {
    const due = Math.min(held.due, dueOf(routed, announced, now));
    const joined = { ...join(held, routed), due };
    return { ...memory, held: memory.held.map((one) => (one === held ? joined : one)) };
  }
  const first = firstOf(routed, announced, now);
  return hasRoom(memory, first) ? { ...memory, held: [...memory.held, first] } : { ...memory, more: memory.more + 1 };
}

/** The first moment from `earliest` on in which something may be sent. */
export function nextTime(earliest: number, { quiet, digest }: SendTimes): number {
  if (digest !== undefined) return digest.find((time) => time >= earliest) ?? digest.at(-1) ?? earliest;
  return quiet.find(([from, until]) => earliest >= from && earliest < until)?.[1] ?? earliest;
}

/** When the earliest held cause is due; undefined when nothing is held. */
export function nextDue({ held }: QueueMemory): number | undefined {
  return held.length === 0 ? undefined : Math.min(...held.map(({ due }) => due));
}

/** Moves everything that is due into one message with this id. Nothing else is taken before it is sent or given up. */
export function take(memory: QueueMemory, now: number, id: () => string): QueueMemory {
  const due = memory.held.filter((one) => one.due <= now);
  if (due.length === 0 || memory.outgoing !== undefined) return memory;
  const groups = due.toSorted((one, other) => rank(one) - rank(other)).map(toGroup);
  const taken = due.map((one): AnnouncedCause => {
    const { cause, severity, earlier, count, againMs, inDigest } = one;
    return { cause, severity, count: earlier + count, from: now + (inDigest ? 0 : againMs) };
  });
  const others = memory.announced.filter(({ cause, from }) => from > now && !taken.some((one) => one.cause === cause));
  return {
    ...memory,
    held: memory.held.filter((one) => one.due > now),
    announced: [...others, ...taken].slice(-MOST_ANNOUNCED),
    more: 0,
    lost: 0,
    outgoing: { id: id(), groups, more: memory.more, lost: memory.lost, since: now, tries: 0, nextTry: now },
  };
}

/** When a notice of a cause may be sent. */
function dueOf({ gatherMs, severity, times }: RoutedNotice, announced: AnnouncedCause | undefined, now: number) {
  const pause = times.digest === undefined && announced !== undefined && rank(announced) <= rank({ severity });
  return nextTime(Math.max(now + gatherMs, pause ? announced.from : 0), times);
}

function firstOf(routed: RoutedNotice, announced: AnnouncedCause | undefined, now: number): HeldCause {
  const { notice, severity, cause, name, againMs, times } = routed;
  const isReminder = isReminderOf(notice);
  return {
    severity,
    cause,
    notice,
    count: isReminder ? 0 : 1,
    reminders: isReminder ? 1 : 0,
    names: [name],
    earlier: announced?.count ?? 0,
    since: new Date(now).toISOString(),
    due: dueOf(routed, announced, now),
    againMs,
    inDigest: times.digest !== undefined,
    bytes: jsonBytes(notice) + BYTES_OF_NAMES,
  };
}

function join(held: HeldCause, { notice, severity, name, times }: RoutedNotice): HeldCause {
  const isReminder = isReminderOf(notice);
  const isNewName = !held.names.includes(name);
  return {
    ...held,
    // of the one that stands there in full, the newest reminder counts
    notice: isReminder && held.names[0] === name ? notice : held.notice,
    severity: rank({ severity }) < rank(held) ? severity : held.severity,
    count: held.count + (isReminder ? 0 : 1),
    reminders: held.reminders + (isReminder ? 1 : 0),
    inDigest: held.inDigest && times.digest !== undefined,
    names: isNewName && held.names.length < MOST_NAMES ? [...held.names, name] : held.names,
  };
}

function isReminderOf(notice: Notice): boolean {
  return 'nth' in notice && notice.nth > 0;
}

function hasRoom({ held }: QueueMemory, one: HeldCause): boolean {
  const most = one.severity === 'urgent' ? MOST_CAUSES + MOST_URGENT : MOST_CAUSES;
  const bytes = held.reduce((sum, each) => sum + each.bytes, one.bytes);
  return held.length < most && bytes <= MOST_BYTES;
}

function rank({ severity }: Pick<HeldCause, 'severity'>): number {
  return severities.indexOf(severity);
}

function toGroup(held: HeldCause): NoticeGroup {
  const { due: _due, againMs: _againMs, inDigest: _inDigest, bytes: _bytes, ...group } = held;
  return group;
}
