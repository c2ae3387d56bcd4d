import { condition, upsertSearchAttributes } from '@temporalio/workflow';
import type { Child } from '../../contract/children.js';
import type { CustomerStart, IntendedOperation } from '../../contract/customers.js';
import { FailureType } from '../../contract/failures.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { acronisTenantId } from '../../contract/search-attributes.js';
import { hasEnded } from '../../contract/status.js';
import { Children } from '../children/children.js';
import { PROVISION_CUSTOMER } from '../provision-customer/contract.js';
import { BrakeRequests } from './intents.js';
import { childOptionsOf } from './identity.js';
import { inCloud, intendedOf, isSame, isSameOperation, type Intention, type Situation } from './intention.js';
import type { Knowledge } from './knowledge.js';
import { pruneProgress } from './prune-progress.js';
import { nextOperation } from './next-operation.js';
import { afterCompletion, afterFailure, afterNothing } from './outcome.js';
import { isBeyondRestoring, whyStop } from './overtaken.js';
import {
  isHalted,
  mayBeginAt,
  momentsIn,
  noProgress,
  situationOf,
  withoutPast,
  withExisting,
  withRun,
  withSeen,
  type CurrentRun,
  type Progress,
  type SavedProgress,
} from './progress.js';
import { prepare } from './prepare.js';
import { tenantToTake, whyNotOurs } from './tenants.js';
import { retriedLater, troubleWith, wantedNow, withTrouble, type Trouble } from './troubles.js';

const MINUTE_MS = 60_000;

/**
 * Brings the tenant of one customer to what is wanted, by one operation at a time. It starts operations as the command
 * line does, learns their ends by signal, and never waits for one: so the customer goes on reading facts and may
 * continue as new.
 */
export class Actor {
  readonly cloud: string;
  readonly children: Children;
  readonly brake: BrakeRequests;
  progress: Progress;
  private isBeginning = false;
  private wasAsked = false;
  private shownTenantId: string | undefined;
  private looked: { intended: IntendedOperation; at: number } | undefined;

  constructor(
    readonly start: CustomerStart,
    saved: SavedProgress | undefined,
    readonly known: Knowledge,
  ) {
    const { children, intents, trouble, ...progress } = { children: [], intents: [], ...noProgress(), ...saved };
    this.progress = trouble === undefined ? progress : withTrouble(progress, trouble);
    this.shownTenantId = progress.tenant?.tenantId;
    this.cloud = start.cloud ?? DEFAULT_CLOUD;
    this.children = new Children(children);
    this.brake = new BrakeRequests(start, intents, () => this.progress);
  }

  /** As plain data, for the next run of the workflow. */
  get saved(): SavedProgress {
    return { ...this.progress, children: [...this.children.all], intents: this.brake.all };
  }

  /** True while a start is on its way: then the workflow must not continue as new. */
  get isBusy(): boolean {
    return this.isBeginning || this.children.areStarting;
  }

  /** True when there is something to do, apart from facts and the time. */
  get hasNews(): boolean {
    const child = this.currentChild;
    if (this.isBeginning) return this.wasAsked;
    if (child === undefined) return this.wasAsked || this.brake.hasAnswered(this.allowed());
    return this.wasAsked || hasEnded(child.status) || this.whyStop(child) !== undefined;
  }

  get currentChild(): Child | undefined {
    return this.progress.current && this.children.get(this.progress.current.id);
  }

  /** What happens next, whether or not it may happen now. */
  get intention(): Intention {
    return nextOperation(this.situation);
  }

  get situation(): Situation {
    return situationOf(this.start, this.progress, this.known.wanted());
  }

  /** When something changes by time alone, apart from what is sold. Milliseconds of the epoch. */
  get nextMoment(): number {
    const intended = this.currentChild === undefined ? intendedOf(this.intention) : undefined;
    const begin = intended === undefined ? Infinity : this.mayBeginAt(intended.operation, Date.now());
    const ahead = begin > Date.now() ? begin : Infinity;
    return Math.min(ahead, ...momentsIn(this.progress));
  }

  mayBeginAt(operation: string, now: number): number {
    return mayBeginAt(this.progress, { operation, wanted: this.known.wanted(), now });
  }

  /** A person has changed something: look again what is to be done. */
  ask(): void {
    this.wasAsked = true;
  }

  /** Does what can be done now. It returns as soon as the next operation is on its way. */
  async proceed(): Promise<void> {
    this.wasAsked = false;
    const tenantId = tenantToTake(this.progress, this.currentChild?.status);
    this.settle(tenantId === undefined ? undefined : await whyNotOurs(tenantId));
    this.progress = withoutPast(this.progress, Date.now());
    this.progress = pruneProgress(this.progress, this.situation);
    const { current } = this.progress;
    if (current !== undefined) return await this.stopIfPointless(current);
    if (this.isBeginning) return;
    this.brake.keepOnly(intendedOf(this.intention));
    const intended = this.allowed();
    if (intended === undefined) return;
    // a tenant that exists already is found at once, not only when the brake grants a creation
    const permission = this.mustLook(intended) ? 'granted' : this.brake.request(intended);
    if (permission === 'open') return;
    if (permission === 'granted') return void this.begin(intended);
    this.stop(intended, { type: FailureType.Refused, message: this.brake.dropped, isDropped: true });
    this.brake.clear();
  }

  /** True when nobody has just looked whether the customer that is to be created exists. */
  private mustLook(intended: IntendedOperation): boolean {
    const isFresh = this.looked !== undefined && Date.now() - this.looked.at < MINUTE_MS;
    return intended.operation === PROVISION_CUSTOMER && !(isFresh && isSame(this.looked?.intended, intended));
  }

  /** The same operation is not begun again while it is wanted. */
  private stop(intended: IntendedOperation, why: Pick<Trouble, 'type' | 'message' | 'retryAt' | 'isDropped'>): void {
    const [since, wanted] = [new Date().toISOString(), wantedNow(this.situation)];
    this.progress = withTrouble(this.progress, { ...why, since, intended, wanted });
  }

  /** The operation that may begin now, if the customer may act at all. */
  private allowed(): IntendedOperation | undefined {
    const { acts, paused } = this.progress;
    return acts && !isHalted(paused, Date.now()) ? this.due() : undefined;
  }

  /** The operation that may begin now. */
  private due(): IntendedOperation | undefined {
    const { existing } = this.progress;
    const intended = intendedOf(this.intention);
    if (intended === undefined || this.mayBeginAt(intended.operation, Date.now()) > Date.now()) return undefined;
    if (troubleWith(this.progress, intended) !== undefined) return undefined;
    if (existing !== undefined && isSameOperation(existing.intended, intended)) return undefined;
    return intended;
  }

  private async begin(intended: IntendedOperation): Promise<void> {
    this.isBeginning = true;
    try {
      const { cloud, progress } = this;
      const subscriptions = this.known.subscriptions();
      const isGranted = this.brake.isGranted(intended);
      const prepared = await prepare(intended, { cloud, ref: this.start.ref, progress, isGranted, subscriptions });
      await condition(() => !this.known.hasUnread());
      if ('refused' in prepared) this.stop(intended, { type: FailureType.Refused, message: prepared.refused });
      else if ('failed' in prepared) this.stop(intended, retriedLater(prepared.failed, Date.now()));
      else if ('existing' in prepared)
        this.progress = withExisting(this.progress, { tenants: prepared.existing, intended });
      // facts may have come meanwhile
      else if (isSame(this.allowed(), intended)) {
        this.looked = { intended, at: Date.now() };
        this.progress = withSeen(this.progress, prepared.seen);
        if (prepared.input === undefined) this.progress = afterNothing(this.progress, intended);
        else if (this.brake.request(intended) === 'granted') await this.startRun(intended, prepared.input);
      }
    } catch (error) {
      this.stop(intended, retriedLater(error instanceof Error ? error.message : String(error), Date.now()));
    } finally {
      this.isBeginning = false;
      this.ask();
    }
  }

  private async startRun(intended: IntendedOperation, input: object): Promise<void> {
    const options = childOptionsOf(this.progress);
    const child = await this.children.start(intended.operation, inCloud(input, this.cloud), options);
    this.brake.clear();
    if ('refused' in child) {
      const problems = child.refused.map(({ path, message }) => `${path}: ${message}`).join('; ');
      return this.stop(intended, { type: FailureType.InvalidInput, message: `its input is refused: ${problems}` });
    }
    const current = { id: child.id, intended, ...(child.otherInput && { isOther: true as const }) };
    this.progress = { ...this.progress, current };
  }

  /** Works in how the current run has ended, if it has. `notOurs`: why the customer does not get the tenant of the run. */
  private settle(notOurs: string | undefined): void {
    const { current } = this.progress;
    const child = this.currentChild;
    if (current === undefined || (child !== undefined && !hasEnded(child.status))) return;
    const { current: _current, ...rest } = this.progress;
    this.progress = rest;
    if (child === undefined) return;
    this.children.forget(child.id);
    const { operation, id, status } = child;
    this.progress.runs = withRun(this.progress.runs, { operation, id, state: status.state });
    if (current.isOther) return;
    if (notOurs !== undefined) return this.stop(current.intended, { type: FailureType.Refused, message: notOurs });
    const now = Date.now();
    if (status.state === 'completed') {
      this.progress = afterCompletion(this.progress, { current, status, now });
      this.showTenant();
    } else this.progress = afterFailure(this.progress, { current, status, now, wanted: wantedNow(this.situation) });
  }

  /** Why the current run is stopped before its end, if it is. */
  private whyStop(child: Child): string | undefined {
    const { current, held } = this.progress;
    const isHeld = isHalted(held, Date.now());
    return current && whyStop(child, current, { situation: this.situation, isHeld });
  }

  private async stopIfPointless(current: CurrentRun): Promise<void> {
    const child = this.currentChild;
    const reason = child && this.whyStop(child);
    if (child === undefined || reason === undefined) return;
    const { gone } = this.progress;
    const isLost = gone !== undefined && isBeyondRestoring(child, current);
    this.progress = {
      ...this.progress,
      current: { ...current, isCancelled: true },
      ...(isLost && { gone: { ...gone, isRestorable: false } }),
    };
    await this.children.cancel(child.id, { actor: `customer ${this.start.ref}`, reason });
  }

  /** Lets Temporal's list find the customer by its tenant. */
  showTenant(): void {
    const tenantId = this.progress.tenant?.tenantId;
    if (tenantId === this.shownTenantId) return;
    this.shownTenantId = tenantId;
    upsertSearchAttributes([{ key: acronisTenantId, value: tenantId ?? null }]);
  }
}
