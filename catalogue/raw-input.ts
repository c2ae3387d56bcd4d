import type { InputProblem } from '../contract/errors.js';

/** How large an input may be, as JSON in UTF-8. Bytes. */
const MOST_INPUT_BYTES = 256 * 1024;

const MOST_LEVELS = 20;
const SHOWN_NAME = 80;
const half = /\p{Surrogate}/u;
const unshowable = /[\p{Surrogate}\p{Cc}\u2028\u2029]/gu;
const control = /[\p{Cc}\u2028\u2029]/u;
/** Blanks, and characters without a shape of their own. */
const unseen = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]+$/u;

/** Says that an input is too large; undefined when it is not. */
export function whyTooLarge(bytes: number): string | undefined {
  if (bytes <= MOST_INPUT_BYTES) return undefined;
  const inKib = (size: number) => `${Math.ceil(size / 1024)} KiB`;
  return `is ${inKib(bytes)} large; an input has at most ${inKib(MOST_INPUT_BYTES)}`;
}

/** True for an input that could not even be read field by field. */
export function isTooDeep(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isTooDeep(part, levels - 1));
}

export const TOO_DEEP: InputProblem = { path: 'input', message: `has more than ${MOST_LEVELS} levels` };

/** True for what cannot be kept or sent as it is: half of a character, `__proto__`, too many bytes. */
export function isBroken(input: unknown): boolean {
  return problemsOfForm(input, whyBroken).length > 0;
}

/** What no operation accepts, whatever its fields are: each problem with its path. */
export function problemsOfForm(input: unknown, whyNot: CheckText = whyNoText): InputProblem[] {
  const problems = problemsAt(input, [], whyNot);
  if (problems.length > 0) return problems;
  const message = whyTooLarge(Buffer.byteLength(JSON.stringify(input) ?? ''));
  return message === undefined ? [] : [{ path: 'input', message }];
}

type CheckText = (text: string) => string | undefined;

function problemsAt(value: unknown, path: readonly string[], whyNot: CheckText): InputProblem[] {
  const problem = (message: string | undefined) => (message === undefined ? [] : [{ path: joinPath(path), message }]);
  if (typeof value === 'string') return problem(whyNot(value));
  if (typeof value === 'number') return problem(whyNoNumber(value));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const below = [...path, name];
    if (name === '__proto__')
      return [{ path: joinPath(below), message: 'cannot be the name of a field: remove or rename it' }];
    const message = whyNot(name);
    if (message !== undefined) return [{ path: joinPath(below), message: `is a name that ${message}` }];
    return problemsAt(part, below, whyNot);
  });
}

function whyBroken(text: string): string | undefined {
  if (!half.test(text)) return undefined;
  return `has half of a character at position ${text.search(half)} (a lone surrogate): send the whole character`;
}

/** Why a text cannot be a name. Blanks around it are cut off, so they may be line breaks. */
function whyNoText(text: string): string | undefined {
  const begins = text.length - text.trimStart().length;
  const at = text.trim().search(control);
  if (at >= 0) {
    const code = text
      .charCodeAt(begins + at)
      .toString(16)
      .toUpperCase()
      .padStart(4, '0');
    return `has a line break or another control character at position ${begins + at} (U+${code}): leave it out, or write a blank`;
  }
  if (unseen.test(text)) return 'has nothing that can be seen: write a text with letters or digits';
  return whyBroken(text);
}

/** A number in JSON may be larger than any number here: then it is read as infinite. */
export function whyNoNumber(value: number): string | undefined {
  return Number.isFinite(value) ? undefined : `is too ${value < 0 ? 'small' : 'large'} for a number`;
}

/** A path as problems show it: names separated by dots, long ones cut off. */
export function joinPath(path: readonly PropertyKey[]): string {
  const names = path.map((part) => String(part).replaceAll(unshowable, '\uFFFD'));
  return names.map((name) => (name.length > SHOWN_NAME ? `${name.slice(0, SHOWN_NAME)}…` : name)).join('.');
}

/** The input without fields that are null: many systems send null for what is not given. */
export function withoutNulls(value: unknown): unknown {
  return withoutFields(value, (field) => field === null);
}

/** The value without the fields that `drops` names, in it and in everything below it. Elements of lists stay. */
export function withoutFields(value: unknown, drops: (field: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutFields(element, drops));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => !drops(field));
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutFields(field, drops)]));
}
