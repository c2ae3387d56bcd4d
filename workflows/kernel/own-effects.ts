import type { StepResult } from '../../contract/steps.js';

/**
 * The steps that this run did, or may have done, although people can do the same in the console. An effect that is only
 * possible counts until a person has had time to do it instead.
 */
export class OwnEffects {
  private readonly effects = new Map<string, 'maybe' | 'made'>();

  mayBeDone(step: string): void {
    if (!this.effects.has(step)) this.effects.set(step, 'maybe');
  }

  done(step: string, { changed, unsure }: StepResult<unknown>): void {
    if (changed) this.effects.set(step, 'made');
    else if (unsure === true) this.mayBeDone(step);
  }

  /** Called when the run is blocked: from then on a person may have done it. */
  forgetUnconfirmed(): void {
    for (const [step, effect] of this.effects) if (effect === 'maybe') this.effects.delete(step);
  }

  has(step: string): boolean {
    return this.effects.has(step);
  }
}
