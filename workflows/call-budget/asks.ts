import { LEAST_BUDGET, MOST_BUDGET, type LeaseAsk } from '../../contract/call-budget.js';

const LONGEST_NAME = 200;

/** An ask as a signal brings it; undefined when it is none, because anybody can send anything. */
export function readAsk(content: unknown): LeaseAsk | undefined {
  const given = (content ?? {}) as Partial<Record<keyof LeaseAsk, unknown>>;
  const { worker, callsPerSecond, urgent, bulk, nth, uses } = given;
  if (typeof worker !== 'string' || worker === '' || worker.length > LONGEST_NAME) return undefined;
  if (!isAmount(callsPerSecond) || callsPerSecond < LEAST_BUDGET || callsPerSecond > MOST_BUDGET) return undefined;
  if (!isAmount(urgent) || !isAmount(bulk) || !isAmount(nth) || !isAmount(uses)) return undefined;
  return { worker, callsPerSecond, urgent, bulk, nth, uses };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
