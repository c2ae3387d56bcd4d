/** Placeholders for results of steps that a plan does not run, such as the id of a new tenant. */
export class Placeholders {
  private readonly created = new Set<string>();

  /**
   * A placeholder for a result: each unknown field becomes a text that names the step. A known text in brackets, such as
   * "(each new machine)", is a placeholder, too.
   */
  resultOf(step: string, known: object = {}): unknown {
    this.createThoseIn(known);
    return new Proxy(known, {
      get: (fields, field) =>
        field === 'then' || field in fields
          ? (Reflect.get(fields, field) as unknown)
          : this.create(`(${String(field)} of ${step})`),
    });
  }

  /** True when a value contains a placeholder. */
  isIn(value: unknown): boolean {
    if (typeof value === 'string') return [...this.created].some((one) => value.includes(one));
    return typeof value === 'object' && value !== null && Object.values(value).some((one) => this.isIn(one));
  }

  private createThoseIn(value: unknown): void {
    if (typeof value === 'string' && /^\(.+\)$/.test(value)) this.create(value);
    if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) this.createThoseIn(one);
  }

  private create(text: string): string {
    this.created.add(text);
    return text;
  }
}
