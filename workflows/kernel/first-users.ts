import type { UserTraits } from '../../activities/user-traits.js';
import type { StepResult } from '../../contract/steps.js';

/**
 * A user that a run creates in its own new tenant. The undo of the step that created the tenant removes the user too.
 */
export interface FirstUser {
  removedWith: string;
  traits: UserTraits;
}

/** The users of this run in a tenant: created ones by login, possibly created ones by all their properties. */
export interface OwnUsers {
  logins: string[];
  alike: UserTraits[];
}

/**
 * The users that a run created, or may have created, in its own tenants. Others with the same login are not its own.
 */
export class FirstUsers {
  private readonly all = new Map<string, FirstUser & { effect: 'none' | 'maybe' | 'made' }>();

  expect(step: string, user: FirstUser): void {
    this.all.set(step, { effect: this.all.get(step)?.effect ?? 'none', ...user });
  }

  mayBeDone(step: string): void {
    const one = this.all.get(step);
    if (one?.effect === 'none') one.effect = 'maybe';
  }

  /** A user that appears later may be somebody else's, who was told that the run could not make it. */
  mayBeOthers(step: string): void {
    const one = this.all.get(step);
    if (one?.effect === 'maybe') one.effect = 'none';
  }

  /** A user that was only found there is not counted. */
  done(step: string, { changed }: StepResult<unknown>): void {
    const one = this.all.get(step);
    if (one !== undefined) one.effect = changed ? 'made' : 'none';
  }

  usersRemovedWith(step: string): OwnUsers {
    const all = [...this.all.values()].filter(({ removedWith }) => removedWith === step);
    const traitsOf = (wanted: string) => all.filter(({ effect }) => effect === wanted).map(({ traits }) => traits);
    return { logins: traitsOf('made').map(({ person }) => person.login), alike: traitsOf('maybe') };
  }
}
