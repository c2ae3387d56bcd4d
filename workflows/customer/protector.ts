import { condition } from '@temporalio/workflow';
import type { Child, RunStatus } from '../../contract/children.js';
import { FailureType } from '../../contract/failures.js';
import { isSameId } from '../../contract/ids.js';
import { hasEnded } from '../../contract/status.js';
import { OFFBOARD_CUSTOMER } from '../offboard-customer/contract.js';
import { PROTECT_CUSTOMER } from '../protect-customer/contract.js';
import type { Actor } from './actor.js';
import { childOptionsOf } from './identity.js';
import { inCloud, isSame } from './intention.js';
import {
  afterNews,
  isEnough,
  onboardingFor,
  type CustomerOnboarding,
  type ProtectionRun,
  type ProtectionTrouble,
} from './onboarding.js';
import { isHalted, withRun } from './progress.js';
import { retriedLater } from './troubles.js';
import type { WantedProtection } from './wanted-protection.js';

/** For which tenant a plan says what about its machines. */
interface Target {
  tenantId: string;
  wanted: WantedProtection;
}

/**
 * Lets the machines of a customer be protected, where a plan says so: it starts one run beside the other operations, which
 * can take months and holds none of them up, and remembers the milestones. A customer whose plans say nothing of it issues
 * no command more.
 */
export class Protector {
  private isBeginning = false;
  private isCancelling = false;
  private seen: RunStatus | undefined;

  constructor(private readonly actor: Actor) {}

  /** True while a start or a cancellation is on its way: then the workflow must not continue as new. */
  get isBusy(): boolean {
    return this.isBeginning || this.isCancelling;
  }

  /** True when its run has said something new. */
  get hasNews(): boolean {
    return this.child !== undefined && this.child.status !== this.seen;
  }

  /** When it tries again by itself. Milliseconds of the epoch. */
  get nextMoment(): number {
    const retryAt = this.onboarding?.trouble?.retryAt;
    return retryAt === undefined ? Infinity : Date.parse(retryAt);
  }

  /** The open run. */
  get child(): Child | undefined {
    const run = this.onboarding?.run;
    return run && this.actor.children.get(run.id);
  }

  /** Does what can be done now. Nothing waits for it, so it changes nothing in the order of other commands. */
  proceed(): void {
    this.hear();
    const target = this.target;
    this.forgetTrouble(target);
    const run = this.onboarding?.run;
    if (run !== undefined) this.stopIfPointless(run, target);
    else if (target !== undefined && !this.isBusy && this.mayBegin(target)) void this.begin(target);
  }

  private get onboarding(): CustomerOnboarding | undefined {
    return this.actor.progress.onboarding;
  }

  private set onboarding(onboarding: CustomerOnboarding) {
    this.actor.progress = { ...this.actor.progress, onboarding };
  }

  /** What is to be protected; undefined once the tenant is released, gone or being ended, or no plan says so. */
  private get target(): Target | undefined {
    const { tenant, current } = this.actor.progress;
    const { protect, tenant: sold } = this.actor.known.wanted();
    const isEnding = !sold.exists || current?.intended.operation === OFFBOARD_CUSTOMER;
    return tenant === undefined || protect === undefined || isEnding
      ? undefined
      : { tenantId: tenant.tenantId, wanted: protect };
  }

  private hear(): void {
    const { child, onboarding } = this;
    this.seen = child?.status;
    if (onboarding?.run === undefined) return;
    this.onboarding = afterNews(onboarding, child, Date.now());
    if (child === undefined || !hasEnded(child.status)) return;
    const { id, operation, status } = child;
    this.actor.children.forget(id);
    const runs = withRun(this.actor.progress.runs, { operation, id, state: status.state });
    this.actor.progress = { ...this.actor.progress, runs };
  }

  /** A trouble lasts as long as the same is wanted, unless it is tried again by itself. */
  private forgetTrouble(target: Target | undefined): void {
    const { onboarding } = this;
    if (onboarding?.trouble === undefined) return;
    const { trouble, ...rest } = onboarding;
    const isPast = trouble.retryAt !== undefined && Date.parse(trouble.retryAt) <= Date.now();
    if (isPast || !isSame(trouble.wanted, target?.wanted)) this.onboarding = rest;
  }

  /** Never while another operation is under way or about to begin. */
  private mayBegin({ tenantId, wanted }: Target): boolean {
    const { acts, paused, current, tenant, mayBeDisabled } = this.actor.progress;
    const isIdle = current === undefined && !this.actor.isBusy;
    const isOn = tenant?.enabled === true && !mayBeDisabled && this.actor.known.wanted().tenant.enabled;
    if (!acts || isHalted(paused, Date.now()) || !isIdle || !isOn) return false;
    const { done, trouble } = onboardingFor(tenantId, this.onboarding);
    return trouble === undefined && !isEnough(done, wanted);
  }

  private async begin(target: Target): Promise<void> {
    this.isBeginning = true;
    try {
      await condition(() => !this.actor.known.hasUnread());
      // facts may have come meanwhile
      if (isSame(this.target, target) && this.mayBegin(target)) await this.start(target);
    } catch (error) {
      this.stop(target, retriedLater(error instanceof Error ? error.message : String(error), Date.now()));
    } finally {
      this.isBeginning = false;
      this.actor.ask();
    }
  }

  private async start({ tenantId, wanted }: Target): Promise<void> {
    const { children, progress, start } = this.actor;
    const input = inCloud({ tenant: { id: tenantId }, ...wanted }, start.cloud);
    const child = await children.start(PROTECT_CUSTOMER, input, childOptionsOf(progress));
    if ('refused' in child) {
      const problems = child.refused.map(({ path, message }) => `${path}: ${message}`).join('; ');
      const message = `the input of ${PROTECT_CUSTOMER} is refused: ${problems}`;
      return this.stop({ tenantId, wanted }, { type: FailureType.InvalidInput, message });
    }
    const run = { id: child.id, tenantId, wanted, ...(child.otherInput && { isOther: true as const }) };
    this.onboarding = { ...onboardingFor(tenantId, this.onboarding), run };
  }

  private stop({ tenantId, wanted }: Target, why: Pick<ProtectionTrouble, 'type' | 'message' | 'retryAt'>): void {
    const trouble = { ...why, since: new Date().toISOString(), wanted };
    this.onboarding = { ...onboardingFor(tenantId, this.onboarding), trouble };
  }

  /** A run that the customer has started is cancelled; one of somebody else is only watched no longer. */
  private stopIfPointless(run: ProtectionRun, target: Target | undefined): void {
    const reason = whyPointless(run, target);
    const { child, onboarding } = this;
    if (reason === undefined || child === undefined || onboarding === undefined) return;
    if (child.own) {
      this.onboarding = { ...onboarding, run: { ...run, isCancelled: true } };
      return void this.cancel(child.id, reason);
    }
    const { run: _run, ...rest } = onboarding;
    this.actor.children.forget(child.id);
    this.onboarding = rest;
  }

  private async cancel(id: string, reason: string): Promise<void> {
    this.isCancelling = true;
    try {
      await this.actor.children.cancel(id, { actor: `customer ${this.actor.start.ref}`, reason });
    } finally {
      this.isCancelling = false;
    }
  }
}

/** Of a run for fewer machines than are wanted now, the end is awaited: then another one goes on. */
function whyPointless(run: ProtectionRun, target: Target | undefined): string | undefined {
  if (run.isCancelled) return undefined;
  if (target === undefined) return 'the tenant is no longer to be protected by what is sold';
  if (!isSameId(run.tenantId, target.tenantId)) return 'the customer has another tenant';
  if (run.isOther) return undefined;
  const { template, agents } = run.wanted;
  const isOvertaken = template !== target.wanted.template || agents > target.wanted.agents;
  return isOvertaken ? 'another template or fewer machines are sold since it was started' : undefined;
}
