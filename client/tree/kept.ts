interface Options {
  /** How long an answer counts, in milliseconds. */
  forMs: number;
  /** How long it counts that there is nothing. */
  absentForMs: number;
  /** So many are kept; then the oldest are forgotten. */
  most: number;
  now: () => number;
}

interface Answer<T> {
  until: number;
  value: Promise<T | undefined>;
}

/** Answers that count for a while. One that fails is not kept. */
export class Kept<T> {
  private readonly answers = new Map<string, Answer<T>>();

  constructor(private readonly options: Options) {}

  /** True while an answer counts, or is waited for. */
  has(name: string): boolean {
    const kept = this.answers.get(name);
    return kept !== undefined && this.options.now() < kept.until;
  }

  /** The answer, however old; undefined when there is none. */
  async get(name: string): Promise<T | undefined> {
    return await this.answers.get(name)?.value;
  }

  keep(name: string, value: Promise<T | undefined>): void {
    const { forMs, most, now } = this.options;
    const asked = now();
    const kept = { until: asked + forMs, value };
    // the oldest stand first
    this.answers.delete(name);
    this.answers.set(name, kept);
    void this.settle(name, kept, asked);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= most) break;
      this.answers.delete(oldest);
    }
  }

  private async settle(name: string, kept: Answer<T>, asked: number): Promise<void> {
    try {
      if ((await kept.value) === undefined) kept.until = asked + this.options.absentForMs;
    } catch {
      // whoever waits hears of it
      if (this.answers.get(name) === kept) this.answers.delete(name);
    }
  }
}
