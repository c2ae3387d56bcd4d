import type { StepResult } from '../../contract/steps.js';

/**
 * Which steps this run has done itself, or may have, of those that people do in the console too: what a lost answer leaves in doubt counts only until
 * somebody has had the time to do the same.
 */
export class OwnEffects {
  private readonly effects = new Map<string, 'maybe' | 'made'>();

  suspect(step: string): void {
    if (!this.effects.has(step)) this.effects.set(step, 'maybe');
  }

  done(step: string, { changed, unsure }: StepResult<unknown>): void {
    if (changed) this.effects.set(step, 'made');
    else if (unsure === true) this.suspect(step);
  }

  /** The run waits for a person. */
  blocked(): void {
    for (const [step, effect] of this.effects) if (effect === 'maybe') this.effects.delete(step);
  }

  has(step: string): boolean {
    return this.effects.has(step);
  }
}
