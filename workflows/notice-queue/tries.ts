import type { QueueMemory } from './memory.js';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
const PATIENCE_MS = 24 * 3_600_000;

/** The message has arrived. */
export function delivered({ outgoing: _outgoing, ...memory }: QueueMemory): QueueMemory {
  return memory;
}

/**
 * The message has not arrived. It is tried again at growing intervals, of at most ten minutes, for a day. Then it is given
 * up: the next message says how many notices were lost, and their causes may have a message at once.
 */
export function failed(memory: QueueMemory, now: number): QueueMemory {
  const { outgoing, ...rest } = memory;
  if (outgoing === undefined) return memory;
  if (now - outgoing.since < PATIENCE_MS) {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** outgoing.tries, LONGEST_PAUSE_MS);
    return { ...memory, outgoing: { ...outgoing, tries: outgoing.tries + 1, nextTry: now + pause } };
  }
  const { groups, more, lost } = outgoing;
  const causes = new Set(groups.map(({ cause }) => cause));
  const notices = groups.reduce((sum, { count, reminders }) => sum + count + reminders, more + lost);
  return {
    ...rest,
    lost: rest.lost + notices,
    announced: rest.announced.filter(({ cause }) => !causes.has(cause)),
  };
}
