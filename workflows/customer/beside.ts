import type { CustomerStatus } from '../../contract/customers.js';
import type { Actor } from './actor.js';
import { BlockedNotices } from './blocked-notices.js';
import { DailyLook } from './daily-look.js';
import type { CustomerMemory } from './memory.js';
import { Protector } from './protector.js';

type Saved = Pick<CustomerMemory, 'noticed' | 'lookAt'>;

/** What a customer does beside its operations: none of it holds one up. */
export class Beside {
  readonly protector: Protector;
  private readonly notices: BlockedNotices;
  private readonly dailyLook: DailyLook;

  constructor(actor: Actor, { noticed, lookAt }: { [Part in keyof Saved]: Saved[Part] | undefined }) {
    this.protector = new Protector(actor);
    this.notices = new BlockedNotices(noticed);
    this.dailyLook = new DailyLook(actor, lookAt);
  }

  /** For the next run of the workflow. */
  get saved(): Saved {
    const { sent: noticed } = this.notices;
    return { ...(noticed !== undefined && { noticed }), ...this.dailyLook.saved };
  }

  /** When something of it comes by time alone. Milliseconds of the epoch. */
  get nextMoment(): number {
    return Math.min(this.dailyLook.nextMoment, this.protector.nextMoment);
  }

  /** Tells people how the customer stands, and looks at its tenant if it is time. */
  proceed(status: CustomerStatus): void {
    this.notices.announce(status);
    this.dailyLook.proceed(Date.now());
  }
}
