/** Customers that are being begun, while others that have begun are looked at. */
export class Beginnings {
  private readonly places = new Set<number>();
  private failure: { error: unknown } | undefined;

  /** True while somebody is being begun. */
  get isBusy(): boolean {
    return this.places.size > 0;
  }

  /** True while nobody knows yet whether the customer at this place has begun. */
  has(place: number): boolean {
    return this.places.has(place);
  }

  /** Begins these customers, and calls `onEnd` once that has come out, in whatever way. */
  begin(places: readonly number[], act: () => Promise<void>, onEnd: () => void): void {
    for (const place of places) this.places.add(place);
    void act()
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => {
        for (const place of places) this.places.delete(place);
        onEnd();
      });
  }

  /** Throws what has made the beginning of a customer fail for good, or a cancellation. */
  throwIfFailed(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}

/** Parts of a list, none longer than `most`. */
export function portionsOf<Item>(items: readonly Item[], most: number): Item[][] {
  const count = Math.ceil(items.length / most);
  return Array.from({ length: count }, (_, nth) => items.slice(nth * most, (nth + 1) * most));
}
