/** The results of the finished steps of a run. After an amendment, a step with the same input is not repeated. */
export class StepResults {
  private readonly results = new Map<string, unknown>();

  /** The result of the step with this input; acts only if there is none. `look` does not make another input. */
  async once<R>(name: string, input: object, act: () => Promise<R>): Promise<R> {
    const { look: _look, ...identity } = input as { look?: boolean };
    const key = `${name} ${JSON.stringify(identity)}`;
    if (this.results.has(key)) return this.results.get(key) as R;
    const result = await act();
    this.results.set(key, result);
    return result;
  }

  /** Lets a finished step run again. */
  forget(step: string): void {
    for (const key of this.results.keys()) if (key.startsWith(`${step} `)) this.results.delete(key);
  }
}
