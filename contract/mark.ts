/**
 * The mark that a run writes into what it creates: environment, business key and first-execution run id. If the whole
 * mark is equal, this run created the object. If only environment and key are equal, an earlier run created it for the
 * same customer: it is adopted, but never removed by an undo.
 */
export interface Mark {
  environment: string;
  key: string;
  runId: string;
}

export type TagOwner = 'ours' | 'our-customers' | 'foreign';

const PREFIX = 'tenantry';
/**
 * Suffix that an undo appends to the mark when it disables a tenant, so nobody thinks that a person disabled it. The
 * number is the tenant's version after that change; another version means that somebody has changed the tenant since.
 * Older releases wrote no number.
 */
const UNDOING_SUFFIX = /:undoing(?::(\d+))?$/;

/** The fields of a tenant that show whether an undo disabled it. */
interface TaggedTenant {
  internal_tag?: string | null;
  version: number;
}

/**
 * The mark as it is stored in a tenant's `internal_tag` (256 characters at most; keys are shortened by their readers).
 */
export function markText({ environment, key, runId }: Mark): string {
  return [PREFIX, environment, key, runId].join(':');
}

/**
 * Who created the object with this tag. A missing or unknown tag is `foreign`. How Unicode spells a letter does not count:
 * the cloud may spell it in another way, and so did older releases.
 */
export function ownership(mark: Mark, tag: string | null | undefined): TagOwner {
  const text = spelled(markWithoutUndo(tag));
  if (text === spelled(markText(mark))) return 'ours';
  const sameCustomer = spelled(`${[PREFIX, mark.environment, mark.key].join(':')}:`);
  return text.startsWith(sameCustomer) ? 'our-customers' : 'foreign';
}

/** The run id in a mark of any environment and key; undefined when the tag is not a mark. */
export function runIdInTag(tag: string | null | undefined): string | undefined {
  const text = markWithoutUndo(tag);
  return text.startsWith(`${PREFIX}:`) ? /:([0-9a-f-]{36})$/.exec(text)?.[1] : undefined;
}

/** What a tag says about whose the tenant is: a mark without its run, or a tag of others; undefined without a tag. */
export function customerInTag(tag: string | null | undefined): string | undefined {
  const text = spelled(markWithoutUndo(tag));
  if (text === '') return undefined;
  return text.startsWith(`${PREFIX}:`) ? text.slice(0, text.lastIndexOf(':')) : text;
}

/** The business key in a mark of this environment; undefined for any other tag. */
export function keyInTag(tag: string | null | undefined, environment: string): string | undefined {
  const mark = customerInTag(tag) ?? '';
  const prefix = spelled(`${PREFIX}:${environment}:`);
  return mark.startsWith(prefix) && mark.length > prefix.length ? mark.slice(prefix.length) : undefined;
}

/** The tag that an undo writes when it disables a tenant of this version. */
export function undoingTag({ internal_tag, version }: TaggedTenant): string {
  return `${markWithoutUndo(internal_tag)}:undoing:${version + 1}`;
}

/** True when an undo disabled this tenant and nobody has changed it since. */
export function isDisabledByUndo({ internal_tag, version }: TaggedTenant): boolean {
  const [sign, number] = UNDOING_SUFFIX.exec(internal_tag ?? '') ?? [];
  return sign !== undefined && (number === undefined || number === String(version));
}

/** True when a tag has the suffix of an undo, even if somebody has changed the tenant since. */
export function hasSign(tag: string | null | undefined): boolean {
  return UNDOING_SUFFIX.test(tag ?? '');
}

/** The tag for a tenant that is put back as it was in this version, and has version `now` afterwards. */
export function tagForRestored({ internal_tag = null, version }: TaggedTenant, now: number): string | null {
  const believed = internal_tag?.endsWith(`:undoing:${version}`) === true;
  return believed ? undoingTag({ internal_tag, version: now - 1 }) : internal_tag;
}

/** The mark in a tag, without the suffix of an undo. */
export function markWithoutUndo(tag: string | null | undefined): string {
  return (tag ?? '').replace(UNDOING_SUFFIX, '');
}

/** The one spelling in which marks are compared. */
function spelled(text: string): string {
  return text.normalize('NFC');
}
