/** How an item of a tenant is: off, or on with this quota. */
export type ItemState = 'off' | { value: number | null; overage: number | null };

/** An item that a call has changed, or may have. */
export interface PutItem {
  application_id: string;
  name: string;
  infra_id?: string;
  /** As the list shows it from which the call was made. */
  before: ItemState;
  /** As the call leaves it. */
  after: ItemState;
  /** True when only a call without an answer was to change it, and a later list shows that perhaps a person has. */
  doubtful?: true;
}

/** What a step that changes items answers: what an undo takes back. Absent when nothing is known. */
export interface PutItems {
  put?: PutItem[];
}

/**
 * The items of a newer call, and those that only a call without an answer was to change. A call changes all or none: if a
 * later list shows a part as ordered, perhaps a person has changed that.
 */
export function mergePutItems(earlier: readonly PutItem[] = [], now: readonly PutItem[]): PutItem[] {
  const isOf = (one: PutItem, other: PutItem) =>
    one.application_id === other.application_id && one.name === other.name && one.infra_id === other.infra_id;
  const others = earlier.filter((one) => !now.some((item) => isOf(item, one)));
  return [...now, ...others.map((one) => ({ ...one, doubtful: true as const }))];
}
