import { array, constantFrom, integer, record } from 'fast-check';
import { defaultBrakeLimits, type BrakeQuestion, type IntentKind } from '../../contract/brake.js';
import { ask } from '../../workflows/brake/count.js';
import { decide } from '../../workflows/brake/decide.js';
import { emptyMemory, type BrakeMemory } from '../../workflows/brake/memory.js';

/** When the brakes of the tests get their first question. */
export const START = Date.parse('2026-11-29T00:00:00Z');

/** The question of one customer. */
export function questionOf(
  nth: number,
  kind: IntentKind = 'disable',
  more: Partial<BrakeQuestion> = {},
): BrakeQuestion {
  const customer = { customer: `customer:C-${nth}`, ref: `C-${nth}`, question: `question ${nth}` };
  return { ...customer, kind, what: 'disable', why: 'not paid', limits: defaultBrakeLimits, customers: 0, ...more };
}

/** The questions of several customers. */
export function questionsOf(count: number, kind: IntentKind = 'disable', from = 0): BrakeQuestion[] {
  return Array.from({ length: count }, (_, nth) => questionOf(from + nth, kind));
}

/** Takes questions at once, or one after the other. */
export function askAll(
  memory: BrakeMemory,
  questions: readonly BrakeQuestion[],
  { from = START, pause = 0 } = {},
): BrakeMemory {
  return questions.reduce((before, question, at) => ask(before, question, from + at * pause), memory);
}

/** The questions that were granted, and those that wait. */
export function granted({ answers }: BrakeMemory): string[] {
  return answers.filter((one) => one.answer === 'granted').map(({ question }) => question);
}

export function waiting(memory: BrakeMemory): string[] {
  return memory.waiting.map(({ question }) => question);
}

export function releaseAll(memory: BrakeMemory, now: number): BrakeMemory {
  return decide(memory, 'release', { actor: 'ann', verified: true, reason: 'the prices have changed', all: true }, now)
    .memory;
}

/** A question, which may be a repeated one, the time before it, and perhaps a person who releases everything after it. */
export interface Happening {
  nth: number;
  kind: IntentKind;
  pause: number;
  releases: boolean;
}

/** Any happenings, with pauses of such a length, in milliseconds. */
export function happenings(pause: { min: number; max: number }) {
  const kind = constantFrom<IntentKind>('disable', 'quotaCut', 'offboard', 'creation', 'creation');
  const releases = integer({ min: 0, max: 15 }).map((dice) => dice === 0);
  return array(record({ nth: integer({ min: 0, max: 40 }), kind, pause: integer(pause), releases }), {
    maxLength: 120,
    size: 'max',
  });
}

/** Plays happenings: what the brake knows in the end, and when each question was granted without a person. */
export function play(all: readonly Happening[]) {
  let [memory, now] = [emptyMemory(), START];
  const grants: { at: number; kind: IntentKind }[] = [];
  const asked = new Map<number, BrakeQuestion>();
  for (const { nth, kind, pause, releases } of all) {
    now += pause;
    const question = asked.get(nth) ?? questionOf(nth, kind);
    asked.set(nth, question);
    const before = memory.answers.length;
    memory = ask(memory, question, now);
    for (const answer of memory.answers.slice(before))
      grants.push({ at: now, kind: asked.get(Number(answer.question.split(' ')[1]))!.kind });
    if (releases) memory = releaseAll(memory, now);
  }
  return { memory, grants, asked: [...asked.values()], now };
}
