/** So many at a time, and no queue: who comes when it is full must come again. */
export class Limit {
  private inside = 0;

  constructor(private readonly most: number) {}

  /** How many are inside now. */
  get count(): number {
    return this.inside;
  }

  /** Runs the function; undefined when it is full. */
  async run<T>(act: () => Promise<T>): Promise<T | undefined> {
    if (this.inside >= this.most) return undefined;
    this.inside += 1;
    try {
      return await act();
    } finally {
      this.inside -= 1;
    }
  }
}
