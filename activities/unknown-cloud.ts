/** This worker is asked for a cloud that its settings do not name. Another worker may know it, or this one after its next start. */
export class UnknownCloud extends Error {
  override readonly name = 'UnknownCloud';

  constructor(cloud: string, known: readonly string[]) {
    super(`the worker that was asked knows no cloud ${JSON.stringify(cloud)}, only ${known.join(', ')}`);
  }
}
