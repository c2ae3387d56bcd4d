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

/** The mark as it is stored in a tenant's `internal_tag` (256 characters at most; keys are shortened by their readers). */
export function markText({ environment, key, runId }: Mark): string {
  return [PREFIX, environment, key, runId].join(':');
}

/** Tells whose thing carries this tag. A missing or foreign tag is `foreign`. */
export function ownership(mark: Mark, tag: string | null | undefined): Ownership {
  if (tag === markText(mark)) return 'ours';
  const sameCustomer = `${[PREFIX, mark.environment, mark.key].join(':')}:`;
  return tag?.startsWith(sameCustomer) === true ? 'our-customers' : 'foreign';
}

/** The first run id in a mark of this product, whatever its environment and key; undefined when the tag is no such mark. */
export function makerOf(tag: string | null | undefined): string | undefined {
  return tag?.startsWith(`${PREFIX}:`) === true ? /:([0-9a-f-]{36})$/.exec(tag)?.[1] : undefined;
}
