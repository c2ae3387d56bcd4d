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
/** Written behind the mark by an undo that switches a tenant off, so that nobody takes it for switched off by a person. */
const UNDOING = ':undoing';

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

/** What an undo writes into the tag of a tenant that it switches off. */
export function undoingTag(tag: string | null | undefined): string {
  return `${markIn(tag)}${UNDOING}`;
}

/** True when an undo of ours has switched a tenant with this tag off. */
export function isUndoing(tag: string | null | undefined): boolean {
  return tag?.endsWith(UNDOING) === true;
}

/** The mark in a tag, without what an undo wrote behind it. */
export function markIn(tag: string | null | undefined): string {
  return isUndoing(tag) ? tag!.slice(0, -UNDOING.length) : (tag ?? '');
}
