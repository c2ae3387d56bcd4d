import { FIRST_REVISION, PROTECTS_STEP_BY_STEP } from '../../contract/revision.js';
import type { BackupRule } from '../../contract/plan-templates.js';
import {
  MOST_BARE,
  MOST_MACHINES_PER_CALL,
  type MachineCounts,
  type Protection,
  type ProtectionMilestone,
  type ProtectionSight,
  type ProtectionWait,
} from '../../contract/protection.js';
import { missingIn, reachedBy } from './missing.js';

/** The part of its life after which a token is replaced. */
const TOKEN_SHARE = 0.9;

/** What a run knows of the protection of its customer. It survives an amendment. */
export class ProtectionProgress {
  private readonly milestones: Partial<Record<ProtectionMilestone, string>> = {};
  /** The machines to which the run has begun to apply the plan. An undo reads it when it begins. */
  readonly given: string[] = [];
  /** The tokens that the run has issued. An undo reads it when it begins. */
  readonly tokens: string[] = [];
  /** The machines whose plan was applied without an error. */
  private readonly applied = new Set<string>();
  /** The machines that were seen with a plan after that. */
  private readonly confirmed = new Set<string>();
  private missing: ProtectionWait | undefined;
  private machines: Omit<MachineCounts, 'expected'> = { registered: 0, withPlan: 0, protected: 0, failing: 0 };
  /** The most of each that was seen. */
  private best = this.machines;
  private token: Protection['token'];
  /** When the run issues another token, in milliseconds since 1970. */
  private nextTokenAt = Infinity;
  /** The plan that the run has, and what was ordered of it. */
  plan: { id: string; name: string; backup: BackupRule } | undefined;
  /** When the operator is reminded, in milliseconds since 1970; undefined until a wait begins. */
  remindAt: number | undefined;
  /** How many reminders there were since the customer last got on. */
  private reminders = 0;
  /** What was seen last. */
  seen: ProtectionSight | undefined;
  /** The revision that started the run. */
  revision = FIRST_REVISION;

  /** True when the token is renewed between two looks, and never beside one. */
  get isStepByStep(): boolean {
    return this.revision >= PROTECTS_STEP_BY_STEP;
  }

  /** Records what a look has shown. Times are milliseconds since 1970. */
  record(sight: ProtectionSight, expected: number, now: number): void {
    this.seen = sight;
    // a tenant that is off shows no machines, but they are not gone
    if (!this.isStepByStep || sight.tenant === 'on') this.machines = sight.machines;
    const isNew = reachedBy(sight, expected).filter((milestone) => !this.hasReached(milestone));
    for (const milestone of isNew) this.milestones[milestone] = new Date(now).toISOString();
    if (this.isStepByStep) this.confirm(sight);
    if (this.getsOn(sight) || isNew.length > 0) this.beginReminders();
    const next = missingIn(sight, expected, this.revokedFrom(sight));
    if (next?.what !== this.missing?.what) this.missing = next && { ...next, since: new Date(now).toISOString() };
  }

  /** Looks once more at what was seen last, for so many machines: an amendment may have changed that. */
  expects(expected: number, now: number): void {
    if (this.seen !== undefined) this.record(this.seen, expected, now);
  }

  /**
   * The machines that get the plan now. A machine that had it before has lost it because somebody has revoked it, so it
   * stays without.
   */
  get newMachines(): string[] {
    const bare = this.seen?.bare ?? [];
    const had = this.isStepByStep ? this.applied : new Set(this.given);
    return bare.filter((id) => !had.has(id)).slice(0, MOST_MACHINES_PER_CALL);
  }

  /**
   * Records a token that was issued at `now` for so many seconds. Another one follows before it is over. The clock of the
   * cloud may differ from ours.
   */
  hasToken(token: Protection['token'] & {}, { id, seconds, now }: { id: string; seconds: number; now: number }): void {
    // after an amendment, the run comes by again
    if (this.isStepByStep && this.tokens.includes(id)) return;
    this.token = token;
    this.tokens.push(id);
    this.nextTokenAt = now + seconds * 1000 * TOKEN_SHARE;
  }

  /** Records a token of an earlier run of the order, which this run does not revoke. Another one follows before it is over. */
  reusesToken(token: Protection['token'] & {}, seconds: number, now: number): void {
    this.token = token;
    const left = token.expiresAt === null ? seconds * 1000 : Date.parse(token.expiresAt) - now;
    this.nextTokenAt = now + left * TOKEN_SHARE;
  }

  /** Records that no token was needed: one is issued as soon as a machine is missing. */
  needsNoTokenYet(): void {
    if (this.isStepByStep) this.nextTokenAt = 0;
  }

  /** When the run issues another token, in milliseconds since 1970. Only while the tenant is on, and machines are missing. */
  tokenDueAt(expected: number): number {
    if (!this.isStepByStep) return this.nextTokenAt;
    const { tenant, machines } = this.seen!;
    return tenant === 'on' && machines.registered < expected ? this.nextTokenAt : Infinity;
  }

  /** Records that the run begins to apply the plan to these. */
  givePlanTo(machines: readonly string[]): void {
    this.given.push(...machines.filter((id) => !this.given.includes(id)));
  }

  /** Records the plan that the run has. */
  hasPlan(id: string, { plan: name, backup }: { plan: string; backup: BackupRule }): void {
    if (this.isStepByStep) this.plan = { id, name, backup };
  }

  /** Records that the plan was applied to these. */
  hasGivenPlanTo(machines: readonly string[]): void {
    for (const id of machines) this.applied.add(id);
  }

  hasReached(milestone: ProtectionMilestone): boolean {
    return this.milestones[milestone] !== undefined;
  }

  /** The next reminder waits as long as the first one. */
  beginReminders(): void {
    this.remindAt = undefined;
    this.reminders = 0;
  }

  /** Records a reminder, and gives its number. By now an operator must look at what should have come by itself. */
  reminded(): number {
    if (this.isStepByStep && this.missing?.whoMustAct === 'nobody')
      this.missing = { ...this.missing, whoMustAct: 'operator' };
    this.reminders += 1;
    return this.reminders - 1;
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

  /** True when there are more machines, or better protected ones, than ever before: what only comes back is no news. */
  private getsOn({ tenant, machines }: ProtectionSight): boolean {
    if (!this.isStepByStep) return true;
    if (tenant !== 'on') return false;
    const { best } = this;
    const kinds = ['registered', 'withPlan', 'protected'] as const;
    const isBetter = kinds.some((kind) => machines[kind] > best[kind]);
    this.best = Object.assign({ ...best }, ...kinds.map((kind) => ({ [kind]: Math.max(machines[kind], best[kind]) })));
    return isBetter;
  }

  /** A list can show late what was applied. */
  private confirm({ tenant, bare, machines }: ProtectionSight): void {
    if (tenant !== 'on' || machines.registered === 0 || bare.length >= MOST_BARE) return;
    for (const id of this.applied) if (!bare.includes(id)) this.confirmed.add(id);
  }

  private revokedFrom({ bare }: ProtectionSight): number {
    const had = this.isStepByStep ? this.confirmed : new Set(this.given);
    return bare.filter((id) => had.has(id)).length;
  }
}
