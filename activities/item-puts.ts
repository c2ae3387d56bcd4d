import type { OfferingItem, OfferingItemChange } from '../acronis/index.js';
import { mergePutItems, type ItemState, type PutItem, type PutItems } from '../contract/put-items.js';
import type { Attempt } from './attempt.js';
import { findRow, hasQuota, isSameItem, UNLIMITED, type Identity } from './item-changes.js';
import { changeMissing, hadNoEffect } from './lost-answers.js';

interface Put {
  /** The list from which the changes were made. */
  present: readonly OfferingItem[];
  changes: readonly OfferingItemChange[];
  /** True when an earlier call of the step may have had an effect. */
  maybeDone: boolean;
  send: () => Promise<unknown>;
}

/** Sends changes of items, and remembers how each item was in the list from which they were made. */
export async function putItems(attempt: Attempt, { present, changes, maybeDone, send }: Put): Promise<PutItems> {
  const { memory, remember } = attempt;
  const earlier = memory.put;
  const now = changes.flatMap((change) => toPutItem(change, present) ?? []);
  memory.put = mergePutItems(maybeDone ? earlier : [], now);
  remember();
  try {
    await changeMissing(attempt, maybeDone, send);
  } catch (error) {
    if (hadNoEffect(error)) memory.put = earlier;
    throw error;
  }
  return putSoFar(attempt);
}

/** What earlier calls of this step have changed, or may have. */
export function putSoFar({ memory }: Attempt): PutItems {
  return memory.put === undefined ? {} : { put: memory.put };
}

/** True when an item is in this state now. */
export function isInState(state: ItemState, row: OfferingItem | undefined): boolean {
  if (state === 'off') return row?.status !== 1;
  return row?.status === 1 && hasQuota(row, state);
}

/** How an item is by its row. One without a quota is unlimited. */
export function stateOf(row: OfferingItem | undefined): ItemState {
  if (row?.status !== 1) return 'off';
  const { value, overage } = row.quota ?? UNLIMITED;
  return { value, overage };
}

/** Undefined for an item that is so already. */
function toPutItem(
  { application_id, name, infra_id, status, quota }: OfferingItemChange,
  present: readonly OfferingItem[],
): PutItem | undefined {
  const item = { application_id, name, ...(infra_id != null && { infra_id }) };
  const row = findRow(item, present);
  const { value, overage } = quota ?? row?.quota ?? UNLIMITED;
  const after = status === 0 ? 'off' : { value, overage };
  return isInState(after, row) ? undefined : { ...item, before: stateOf(row), after };
}

/**
 * The items that a step has certainly switched on, and those that others may have: all are its own when it has not
 * answered which they were.
 */
export function switchedOn<Item extends Identity>(
  items: readonly Item[],
  { put }: PutItems,
): { own: Item[]; others: Item[] } {
  if (put === undefined) return { own: [...items], others: [] };
  const entryOf = (item: Item) => put.find((one) => isSameItem(one, item));
  const isOwn = (one: PutItem | undefined) => one?.before === 'off' && one.doubtful !== true;
  return {
    own: items.filter((item) => isOwn(entryOf(item))),
    others: items.filter((item) => entryOf(item) !== undefined && !isOwn(entryOf(item))),
  };
}
