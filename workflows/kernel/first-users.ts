import type { UserTraits } from '../../activities/user-traits.js';
import type { StepResult } from '../../contract/steps.js';

/** A user whom a run makes in a tenant that it has made itself: who goes with it, and with which step's undo. */
export interface FirstUser {
  goesWith: string;
  likeness: UserTraits;
}

/** Of the users in a tenant, those that are this run's: known ones by their logins, others only while they are as it makes them. */
export interface OwnUsers {
  logins: string[];
  alike: UserTraits[];
}

/** Whom a run has made, or may have made, in its own tenants. Whoever else has the same login is a stranger there. */
export class FirstUsers {
  private readonly all = new Map<string, FirstUser & { effect: 'none' | 'maybe' | 'made' }>();

  expect(step: string, user: FirstUser): void {
    this.all.set(step, { effect: this.all.get(step)?.effect ?? 'none', ...user });
  }

  suspect(step: string): void {
    const one = this.all.get(step);
    if (one?.effect === 'none') one.effect = 'maybe';
  }

  /** Nobody who was only found there. */
  done(step: string, { changed }: StepResult<unknown>): void {
    const one = this.all.get(step);
    if (one !== undefined) one.effect = changed ? 'made' : 'none';
  }

  goingWith(step: string): OwnUsers {
    const all = [...this.all.values()].filter(({ goesWith }) => goesWith === step);
    const likenesses = (wanted: string) =>
      all.filter(({ effect }) => effect === wanted).map(({ likeness }) => likeness);
    return { logins: likenesses('made').map(({ person }) => person.login), alike: likenesses('maybe') };
  }
}
