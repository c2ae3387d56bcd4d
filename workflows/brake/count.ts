import { MOST_COUNTED, type BrakeQuestion, type Withdrawal } from '../../contract/brake.js';
import { jsonBytes } from '../../contract/json-bytes.js';
import type { Answer, BrakeMemory, Waiting } from './memory.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const MOST_WAITING = 1000;
/** How many answers are kept after they were sent. */
const MOST_SENT = 1000;
/** Temporal carries at most two million bytes over to the next run. Times and decisions have less than half a million. */
const MOST_BYTES = 1_200_000;
const MOST_BYTES_SENT = 400_000;

/** How many may be granted without a person. */
export type Limits = Record<'hour' | 'day' | 'creations', number>;

export function limitsOf({ limits, customers }: Pick<BrakeMemory, 'limits' | 'customers'>): Limits {
  const larger = (fixed: number, share: number) =>
    Math.min(MOST_COUNTED, Math.max(fixed, Math.floor(share * customers)));
  return {
    hour: larger(limits.hour, limits.hourShare),
    day: larger(limits.day, limits.dayShare),
    creations: Math.min(MOST_COUNTED, limits.creations),
  };
}

/** How many were granted without a person lately. */
export function countsOf({ counted, creations }: Pick<BrakeMemory, 'counted' | 'creations'>, now: number): Limits {
  return {
    hour: within(HOUR_MS, counted, now).length,
    day: within(DAY_MS, counted, now).length,
    creations: within(HOUR_MS, creations, now).length,
  };
}

/**
 * Takes a question. What is within the limits is granted; the first intent above them engages the brake, and from then
 * on all that are counted wait. A question that is known counts once: its answer is sent again.
 */
export function ask(before: BrakeMemory, asked: BrakeQuestion, now: number): BrakeMemory {
  const { limits, customers, ...intent } = asked;
  const memory = slide({ ...before, limits, customers }, now);
  const isAsked = isSameQuestion(asked);
  if (memory.answers.some(isAsked)) return sendAgain(memory, asked);
  if (memory.waiting.some(isAsked)) return memory;
  const waiting: Waiting = { ...intent, since: now };
  if (intent.kind === 'creation') {
    const served = grantCreations(memory, now);
    return roomToCreate(served, now) > 0 ? grant(served, waiting, now) : enqueue(served, waiting);
  }
  const why = memory.engaged === undefined ? tooMany(memory, now) : undefined;
  if (memory.engaged === undefined && why === undefined) return grant(memory, waiting, now);
  return enqueue(why === undefined ? memory : engage(memory, why, now), waiting);
}

/** The customer no longer wants it. */
export function withdraw(memory: BrakeMemory, { customer, question }: Withdrawal): BrakeMemory {
  const isOther = (one: Withdrawal) => !isSameQuestion({ customer, question })(one);
  const waiting = memory.waiting.filter(isOther);
  return waiting.length === memory.waiting.length ? memory : withRoom({ ...memory, waiting });
}

/** Nothing that is counted is granted from now on, until a person releases it. */
export function engage(memory: BrakeMemory, why: string, now: number): BrakeMemory {
  return { ...memory, engaged: { since: now, why, isNews: true } };
}

/** Grants the creations that waited for the next hour. */
export function passTime(memory: BrakeMemory, now: number): BrakeMemory {
  return grantCreations(slide(memory, now), now);
}

/** When the next creation may be granted; undefined when none waits, or none ever may. */
export function nextCreationAt({ limits, creations, waiting }: BrakeMemory): number | undefined {
  if (!waiting.some(isCreation)) return undefined;
  const leaving = creations.toSorted((one, other) => one - other).at(-limits.creations);
  return leaving === undefined || limits.creations === 0 ? undefined : leaving + HOUR_MS;
}

/** Answers some of those that wait. The answers of people do not count. */
export function answer(
  memory: BrakeMemory,
  chosen: ReadonlySet<Waiting>,
  how: Pick<Answer, 'answer' | 'decision'>,
): BrakeMemory {
  const answers = [...chosen].map(({ customer, question }): Answer => ({ customer, question, ...how, isUnsent: true }));
  return withRoom({
    ...memory,
    waiting: memory.waiting.filter((one) => !chosen.has(one)),
    answers: [...memory.answers, ...answers],
  });
}

/** The oldest answers that were not sent. */
export function unsent({ answers }: BrakeMemory, most: number): Answer[] {
  return answers.filter(({ isUnsent }) => isUnsent).slice(0, most);
}

/** Of the answers that were sent, only the newest stay. */
export function markSent(memory: BrakeMemory, sent: readonly Answer[]): BrakeMemory {
  const answers = memory.answers.map((one): Answer => {
    const { isUnsent: _isUnsent, ...rest } = one;
    return sent.some(isSameQuestion(one)) ? rest : one;
  });
  const isSent = answers.filter(({ isUnsent }) => !isUnsent);
  const surplus = new Set(isSent.slice(0, isSent.length - newestThatFit(isSent)));
  return { ...memory, answers: answers.filter((one) => !surplus.has(one)) };
}

function newestThatFit(sent: readonly Answer[]): number {
  let bytes = 0;
  const tooMany = sent.toReversed().findIndex((one, nth) => {
    bytes += sizeOf(one);
    return nth >= MOST_SENT || bytes > MOST_BYTES_SENT;
  });
  return tooMany === -1 ? sent.length : tooMany;
}

/** Why one more intent would be too many; undefined when it would not. */
function tooMany(memory: BrakeMemory, now: number): string | undefined {
  const [counts, limits] = [countsOf(memory, now), limitsOf(memory)];
  const span = (['hour', 'day'] as const).find((one) => counts[one] >= limits[one]);
  if (span === undefined) return undefined;
  const within = { hour: 'an hour', day: 'a day' }[span];
  return `${counts[span] + 1} changes that take something away within ${within}, and the limit is ${limits[span]}`;
}

function grantCreations(memory: BrakeMemory, now: number): BrakeMemory {
  const next = new Set(memory.waiting.filter(isCreation).slice(0, roomToCreate(memory, now)));
  if (next.size === 0) return memory;
  const waiting = memory.waiting.filter((one) => !next.has(one));
  return [...next].reduce((rest, one) => grant(rest, one, now), withRoom({ ...memory, waiting }));
}

function roomToCreate(memory: BrakeMemory, now: number): number {
  return Math.max(0, limitsOf(memory).creations - countsOf(memory, now).creations);
}

function grant(memory: BrakeMemory, { kind, customer, question }: Waiting, now: number): BrakeMemory {
  const counted = kind === 'creation' ? 'creations' : 'counted';
  const granted: Answer = { customer, question, answer: 'granted', isUnsent: true };
  return { ...memory, [counted]: [...memory[counted], now], answers: [...memory.answers, granted] };
}

/** What finds no room is not lost: its customer asks again later. */
function enqueue(memory: BrakeMemory, one: Waiting): BrakeMemory {
  const bytes = [...memory.waiting, ...memory.answers, one].reduce((sum, each) => sum + sizeOf(each), 0);
  if (memory.waiting.length >= MOST_WAITING || bytes > MOST_BYTES) return { ...memory, isFull: true };
  return { ...memory, waiting: [...memory.waiting, one] };
}

const sizes = new WeakMap<object, number>();

/** Bytes. They are counted once, because a question comes to a thousand others. */
function sizeOf(one: Waiting | Answer): number {
  const size = sizes.get(one) ?? jsonBytes(one);
  sizes.set(one, size);
  return size;
}

function withRoom({ isFull: _isFull, ...memory }: BrakeMemory): BrakeMemory {
  return memory;
}

function sendAgain(memory: BrakeMemory, asked: BrakeQuestion): BrakeMemory {
  const isAsked = isSameQuestion(asked);
  return { ...memory, answers: memory.answers.map((one) => (isAsked(one) ? { ...one, isUnsent: true } : one)) };
}

/** Only what is within the windows stays. */
function slide(memory: BrakeMemory, now: number): BrakeMemory {
  const { counted, creations } = memory;
  return { ...memory, counted: within(DAY_MS, counted, now), creations: within(HOUR_MS, creations, now) };
}

/** A clock that was set back must not keep anything in the window for longer. */
function within(span: number, times: readonly number[], now: number): number[] {
  return times.map((at) => Math.min(at, now)).filter((at) => at > now - span);
}

function isCreation({ kind }: Waiting): boolean {
  return kind === 'creation';
}

function isSameQuestion({ customer, question }: Withdrawal) {
  return (one: Withdrawal): boolean => one.question === question && one.customer === customer;
}
