/**
 * The mark that a run writes into what it creates: environment, business key and first-execution run id.
 * The whole mark equal means: made by this very run. Only environment and key equal: made for the same customer
 * by an earlier run, to be adopted but never undone.
 */
export interface Mark {
  environment: string;
  key: string;
  runId: string;
}

export type Ownership = 'ours' | 'our-customers' | 'foreign';

const PREFIX = 'tenantry';
/**
 * Written behind the mark by an undo that switches a tenant off, so that nobody takes it for switched off by a person. The number is the version that
 * this brings: in any other one somebody has changed the tenant since. Older versions wrote none.
 */
const SIGN = /:undoing(?::(\d+))?$/;

/** What tells whether an undo of ours has left a tenant as it is. */
interface Signed {
  internal_tag?: string | null;
  version: number;
}

/** The mark as it is stored in a tenant's `internal_tag` (256 characters at most; keys are shortened by their readers). */
export function markText({ environment, key, runId }: Mark): string {
  return [PREFIX, environment, key, runId].join(':');
}

/** Tells whose thing carries this tag. A missing or foreign tag is `foreign`. */
export function ownership(mark: Mark, tag: string | null | undefined): Ownership {
  const text = markIn(tag);
  if (text === markText(mark)) return 'ours';
  const sameCustomer = `${[PREFIX, mark.environment, mark.key].join(':')}:`;
  return text.startsWith(sameCustomer) ? 'our-customers' : 'foreign';
}

/** The first run id in a mark of this product, whatever its environment and key; undefined when the tag is no such mark. */
export function makerOf(tag: string | null | undefined): string | undefined {
  const text = markIn(tag);
  return text.startsWith(`${PREFIX}:`) ? /:([0-9a-f-]{36})$/.exec(text)?.[1] : undefined;
}

/** What an undo writes into the tag of a tenant that it switches off, and that is in this version now. */
export function undoingTag({ internal_tag, version }: Signed): string {
  return `${markIn(internal_tag)}:undoing:${version + 1}`;
}

/** True when an undo of ours has switched this tenant off, and nobody has changed it since. */
export function isUndoing({ internal_tag, version }: Signed): boolean {
  const [sign, number] = SIGN.exec(internal_tag ?? '') ?? [];
  return sign !== undefined && (number === undefined || number === String(version));
}

/** True when a tag bears the sign of an undo, whether somebody has changed the tenant since or not. */
export function hasSign(tag: string | null | undefined): boolean {
  return SIGN.test(tag ?? '');
}

/** The tag of a tenant that is brought back from this version to what it was, in another version. */
export function tagAgain({ internal_tag = null, version }: Signed, now: number): string | null {
  const believed = internal_tag?.endsWith(`:undoing:${version}`) === true;
  return believed ? undoingTag({ internal_tag, version: now - 1 }) : internal_tag;
}

/** The mark in a tag, without what an undo wrote behind it. */
export function markIn(tag: string | null | undefined): string {
  return (tag ?? '').replace(SIGN, '');
}
