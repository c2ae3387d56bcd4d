import type { Context } from '@temporalio/activity';
import type { AttemptMemory } from './failures.js';

/** The number of this attempt, without the attempts that stood back; all attempts before a reset count as one. */
export function attemptNumber({ info }: Context, { stoodBack = 0, reset }: AttemptMemory): number {
  return info.attempt - stoodBack + (reset ? 1 : 0);
}

/** True when a person has reset the activity: then Temporal numbers its attempts from 1 again. */
export function wasReset({ info }: Context): boolean {
  const { isLocal, attempt, scheduledTimestampMs, currentAttemptScheduledTimestampMs } = info;
  return !isLocal && attempt === 1 && currentAttemptScheduledTimestampMs > scheduledTimestampMs;
}

/** What earlier attempts have learnt. */
export function memoryOf(context: Context): AttemptMemory {
  const memory = context.info.heartbeatDetails as AttemptMemory | undefined;
  const known = memory === undefined ? { apiCalls: 0, failures: {} } : { ...memory, failures: { ...memory.failures } };
  return wasReset(context) ? { ...known, stoodBack: 0, reset: true as const } : known;
}

/** An earlier attempt may have acted when it is known to have changed something, or when it sent no report. */
export function mayHaveActed(memory: AttemptMemory, attempt: number): boolean {
  const { sent, changed, doubt } = memory;
  return sent === true || changed === true || doubt === true || hasLostAttempt(memory, attempt);
}

/** True when an attempt before this one ended without a report. */
export function hasLostAttempt({ failures, reset }: AttemptMemory, attempt: number): boolean {
  // nobody knows how many attempts there were before the reset
  if (reset) return true;
  const heard = Object.values(failures).reduce<number>((sum, count = 0) => sum + count, 0);
  return heard < attempt - 1;
}
