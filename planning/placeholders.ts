/** Stand for what steps would bring that are not done yet, such as the id of a tenant that is to be made. */
export class Placeholders {
  private readonly given = new Set<string>();

  /** Stands for a result: every field that is not known says of which step it is. */
  of(step: string, known: object = {}): unknown {
    return new Proxy(known, {
      get: (fields, field) =>
        field === 'then' ? undefined : (Reflect.get(fields, field) ?? this.give(`(${String(field)} of ${step})`)),
    });
  }

  /** True when a value speaks of something that is not there yet. */
  isIn(value: unknown): boolean {
    if (typeof value === 'string') return [...this.given].some((one) => value.includes(one));
    return typeof value === 'object' && value !== null && Object.values(value).some((one) => this.isIn(one));
  }

  private give(text: string): string {
    this.given.add(text);
    return text;
  }
}
