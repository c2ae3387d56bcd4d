/** Shares what was read a moment ago, so that many who look cost as much as one. */
export class Recent<T> {
  private readonly readings = new Map<string, Promise<T>>();

  constructor(private readonly forMs: number) {}

  /** What was read under this name just now, or is read for it now. */
  async get(name: string, read: () => Promise<T>): Promise<T> {
    const known = this.readings.get(name);
    if (known !== undefined) return await known;
    const reading = read();
    this.readings.set(name, reading);
    const forget = () => setTimeout(() => this.readings.delete(name), this.forMs).unref();
    reading.then(forget, forget);
    return await reading;
  }
}
