import {
  MOST_MACHINES_PER_CALL,
  type MachineCounts,
  type Protection,
  type ProtectionMilestone,
  type ProtectionSight,
  type ProtectionWait,
} from '../../contract/protection.js';

/** The part of its life after which a token is replaced. */
const TOKEN_SHARE = 0.9;

/** What a run knows of the protection of its customer. It survives an amendment. */
export class ProtectionProgress {
  private readonly milestones: Partial<Record<ProtectionMilestone, string>> = {};
  /** The machines to which the run has begun to apply the plan. An undo reads it when it begins. */
  readonly given: string[] = [];
  /** Those of them of which no answer has come. */
  unanswered: string[] = [];
  private missing: ProtectionWait | undefined;
  private machines: Omit<MachineCounts, 'expected'> = { registered: 0, withPlan: 0, protected: 0, failing: 0 };
  private token: Protection['token'];
  /** When the run issues another token, in milliseconds since 1970. */
  nextTokenAt = Infinity;
  /** What was seen last. */
  seen: ProtectionSight | undefined;

  /** Records what a look has shown. Times are milliseconds since 1970. */
  record(sight: ProtectionSight, expected: number, now: number): void {
    this.seen = sight;
    this.machines = sight.machines;
    for (const milestone of reachedBy(sight, expected)) this.milestones[milestone] ??= new Date(now).toISOString();
    const revoked = sight.bare.filter((id) => this.given.includes(id)).length;
    const next = missingIn(sight, expected, revoked);
    if (next?.what !== this.missing?.what) this.missing = next && { ...next, since: new Date(now).toISOString() };
  }

  /**
   * The machines that get the plan now. A machine that had it before has lost it because somebody has revoked it, so it
   * stays without.
   */
  get newMachines(): string[] {
    const bare = this.seen?.bare ?? [];
    return bare.filter((id) => !this.given.includes(id)).slice(0, MOST_MACHINES_PER_CALL);
  }

  /**
   * Records a token that was issued at `now` for so many seconds. Another one follows before it is over. The clock of the
   * cloud may differ from ours.
   */
  hasToken(token: Protection['token'] & {}, seconds: number, now: number): void {
    this.token = token;
    this.nextTokenAt = now + seconds * 1000 * TOKEN_SHARE;
  }

  /** Records that the run begins to apply the plan to these. */
  givePlanTo(machines: string[]): void {
    this.given.push(...machines.filter((id) => !this.given.includes(id)));
    this.unanswered = machines;
  }

  /** Records that these have it. */
  hasGivenPlan(): void {
    this.unanswered = [];
  }

  hasReached(milestone: ProtectionMilestone): boolean {
    return this.milestones[milestone] !== undefined;
  }

  /** For the status. */
  about(expected: number): Protection {
    const { milestones, missing, machines, token } = this;
    return {
      milestones: { ...milestones },
      ...(missing && { missing }),
      machines: { expected, ...machines },
      ...(token && { token }),
    };
  }
}

/** The milestones that a look shows. A good backup also proves what must come before it. */
export function reachedBy({ activated, online, machines }: ProtectionSight, expected: number): ProtectionMilestone[] {
  const isProtected = machines.protected >= expected;
  const anyGood = machines.protected > 0;
  return [
    ...(activated ? (['activated'] as const) : []),
    ...((machines.registered > 0 && online) || anyGood ? (['agentOnline'] as const) : []),
    ...(machines.withPlan > 0 ? (['planApplied'] as const) : []),
    ...(isProtected ? (['protected'] as const) : []),
  ];
}

/**
 * What must come next, and who must act; undefined once as many machines as expected are protected. `revoked`: how many
 * machines have lost the plan that the run gave them.
 */
export function missingIn(
  { tenant, online, machines, bare }: ProtectionSight,
  expected: number,
  revoked = 0,
): Omit<ProtectionWait, 'since'> | undefined {
  const { registered, withPlan, failing } = machines;
  if (machines.protected >= expected) return undefined;
  if (tenant === 'off') return { what: 'that the tenant is enabled again', whoMustAct: 'operator' };
  if (registered === 0) return { what: 'a machine with the agent installed', whoMustAct: 'customer' };
  if (failing > 0)
    return { what: `a backup that succeeds: the last one of ${machinesText(failing)} failed`, whoMustAct: 'operator' };
  if (revoked > 0 && withPlan < expected)
    return { what: `the plan again: somebody has revoked it from ${machinesText(revoked)}`, whoMustAct: 'operator' };
  if (bare.length > revoked && withPlan < expected) return { what: 'the plan on a new machine', whoMustAct: 'nobody' };
  if (withPlan + bare.length < registered && withPlan < expected)
    return { what: 'a plan that backs up: a machine has one that does not', whoMustAct: 'operator' };
  if (!online) return { what: 'a machine that is online', whoMustAct: 'customer' };
  if (registered < expected)
    return { what: `${machinesText(expected - registered)} more with the agent installed`, whoMustAct: 'customer' };
  return { what: 'a first good backup', whoMustAct: 'nobody' };
}

function machinesText(count: number): string {
  return `${count} machine${count === 1 ? '' : 's'}`;
}
