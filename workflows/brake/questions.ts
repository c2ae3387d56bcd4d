import { intentKinds, type BrakeLimits, type BrakeQuestion, type Withdrawal } from '../../contract/brake.js';

const LONGEST_ID = 300;
/** No fact has a longer reference. */
const LONGEST_REF = 500;
/** Characters of a text for people that are kept. */
const LONGEST_TEXT = 200;
const limitNames = ['hour', 'hourShare', 'day', 'dayShare', 'creations'] as const satisfies (keyof BrakeLimits)[];

type Unread<T> = { [K in keyof T]?: unknown } | null | undefined;

/** A question as a signal brings it; undefined when it is none, because anybody can send anything. */
export function readQuestion(content: unknown): BrakeQuestion | undefined {
  const named = readWithdrawal(content);
  const { kind, ref, what, why, customers, ...rest } = (content ?? {}) as Partial<Record<keyof BrakeQuestion, unknown>>;
  const known = intentKinds.find((one) => one === kind);
  const limits = readLimits(rest.limits as Unread<BrakeLimits>);
  if (named === undefined || known === undefined || limits === undefined || !isAmount(customers)) return undefined;
  const texts = { ref: clip(ref, LONGEST_REF), what: clip(what, LONGEST_TEXT), why: clip(why, LONGEST_TEXT) };
  return { ...named, ...texts, kind: known, limits, customers };
}

/** The same of a withdrawal. */
export function readWithdrawal(content: unknown): Withdrawal | undefined {
  const { customer, question } = (content ?? {}) as Partial<Record<keyof Withdrawal, unknown>>;
  return isId(customer) && isId(question) ? { customer, question } : undefined;
}

function readLimits(given: Unread<BrakeLimits>): BrakeLimits | undefined {
  const limits = limitNames.map((name) => [name, given?.[name]]);
  return limits.every(([, value]) => isAmount(value)) ? (Object.fromEntries(limits) as BrakeLimits) : undefined;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID;
}

function clip(text: unknown, longest: number): string {
  return typeof text === 'string' ? text.slice(0, longest) : '';
}
