import type { FoundTenant } from '../../contract/customers.js';
import type { Actor } from './actor.js';
import { isSame } from './intention.js';
import { isHalted, withSeen, type Progress } from './progress.js';
import { readTenant } from './tenants.js';
import { isPatched } from './patches.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Customers of older releases looked at their tenant only before they changed it. */
const LOOKS_DAILY = 'customer-looks-daily';

/**
 * Looks once a day whether the tenant is as it was applied, so that the status shows what people have changed in the
 * cloud. It changes nothing, and does not look while the customer only observes, is paused, or has a run.
 */
export class DailyLook {
  private at: number | undefined;

  constructor(
    private readonly actor: Actor,
    saved: string | undefined,
  ) {
    this.at = saved === undefined ? undefined : Date.parse(saved);
  }

  /** Milliseconds of the epoch. */
  get nextMoment(): number {
    return this.at ?? Infinity;
  }

  /** For the next run of the workflow. */
  get saved(): { lookAt?: string } {
    return this.at === undefined ? {} : { lookAt: new Date(this.at).toISOString() };
  }

  /** Begins the look if it is time. Nobody waits for its end. */
  proceed(now: number): void {
    const isDue = this.at !== undefined && this.at <= now;
    if (!mayLook(this.actor.progress, now)) this.at = undefined;
    else if (isDue || (this.at === undefined && isPatched(LOOKS_DAILY))) this.at = nextTurn(this.actor.start.ref, now);
    if (isDue && this.at !== undefined) void this.look();
  }

  private async look(): Promise<void> {
    const { cloud, progress: before } = this.actor;
    const read = await readTenant({ cloud, tenantId: before.tenant!.tenantId }, { isBulk: true });
    const { progress } = this.actor;
    if (!('failed' in read) && isUntouched(before, progress)) this.actor.progress = withLookAt(progress, read.tenant);
  }
}

function mayLook({ acts, paused, tenant, current }: Progress, now: number): boolean {
  return acts && tenant !== undefined && current === undefined && !isHalted(paused, now);
}

/** False when the tenant may have been changed since: then the look is too old. */
function isUntouched(before: Progress, { tenant, current, runs, seen }: Progress): boolean {
  return current === undefined && tenant === before.tenant && runs === before.runs && seen === before.seen;
}

/** A difference that was seen before keeps its time. */
function withLookAt(progress: Progress, tenant: FoundTenant): Progress {
  return isSame(progress.seen?.tenant, tenant) ? progress : withSeen(progress, tenant);
}

/** The time of day at which a customer has its turn, an hour or more ahead: all customers together look evenly. */
export function nextTurn(ref: string, now: number): number {
  const earliest = now + HOUR_MS;
  const today = Math.floor(earliest / DAY_MS) * DAY_MS + turnOf(ref);
  return today >= earliest ? today : today + DAY_MS;
}

/** Milliseconds after midnight, by the hash FNV-1a. */
function turnOf(ref: string): number {
  let hash = 2_166_136_261;
  for (const character of ref) hash = Math.imul(hash ^ character.codePointAt(0)!, 16_777_619) >>> 0;
  return Math.floor((hash / 2 ** 32) * DAY_MS);
}
