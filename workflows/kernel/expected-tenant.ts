import { LONG_PAUSE_MS } from '../../contract/orders.js';
import { CHECKS_MEANT_TENANT } from '../../contract/revision.js';
import type { StepResult } from '../../contract/steps.js';
import type { ActivityInput } from './activity-calls.js';
import type { FailureDescription } from './describe-failure.js';
import { lookUp } from './look-ups.js';

interface Executor {
  execute<R>(step: string, attempt: () => Promise<StepResult<R>>, kind: 'lookUp'): Promise<R>;
  noteRetry(step: string, failure: FailureDescription): void;
}

/** The tenant that a run means. While the run is blocked, people have time to give it to another customer. */
export class ExpectedTenant {
  private tenant: ActivityInput<'checkStillMeant'> | undefined;
  /** How many blocks had ended when the tenant was last looked at. */
  private seen = 0;
  private checking: Promise<void> | undefined;
  /** When the newest finished step began, in milliseconds since 1970. */
  private lastStepAt: number | undefined;
  /** By tenant: when the newest step began that has read whose it is. */
  private readonly seenAt = new Map<string, number>();

  constructor(
    private readonly executor: Executor,
    private readonly desk: { readonly blocksEnded: number },
    private readonly revision: () => number,
  ) {}

  /** Says which tenant the run means. Blocks that ended before it was found do not count. */
  set(tenant: ActivityInput<'checkStillMeant'>): void {
    if (this.tenant?.tenantId !== tenant.tenantId) this.seen = this.desk.blocksEnded;
    this.tenant = tenant;
  }

  get meant(): { meant?: ActivityInput<'checkStillMeant'> } {
    if (this.tenant === undefined) return {};
    const seenAt = this.seenAt.get(this.tenant.tenantId);
    return { meant: { ...this.tenant, ...(seenAt !== undefined && { seenAt }) } };
  }

  /** A step has ended that began then; it has read whose the tenant `seen` is. */
  stepDone(begunAt: number, seen: string | undefined): void {
    this.lastStepAt = begunAt;
    if (seen !== undefined) this.seenAt.set(seen, Math.max(begunAt, this.seenAt.get(seen) ?? 0));
  }

  /** True when people have had time since the last step began: no worker was up, or the step took long. */
  get isLate(): boolean {
    return this.tenant !== undefined && Date.now() - (this.lastStepAt ?? Infinity) > LONG_PAUSE_MS;
  }

  /** Before a change: looks at the tenant when a block has ended since the last look. Parallel steps share the look. */
  check(): Promise<void> | undefined {
    const due = this.desk.blocksEnded > this.seen && this.revision() >= CHECKS_MEANT_TENANT;
    if (!due || this.tenant === undefined) return undefined;
    this.checking ??= this.look(this.tenant).finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async look(tenant: ActivityInput<'checkStillMeant'>): Promise<void> {
    const as = 'checkStillMeant';
    let ended = this.seen;
    const onRetry = (failure: FailureDescription) => this.executor.noteRetry(as, failure);
    const attempt = async () => {
      ended = this.desk.blocksEnded;
      return await lookUp(as, tenant, { as, summary: 'Is it still the same customer?', onRetry });
    };
    await this.executor.execute(as, attempt, 'lookUp');
    this.seen = ended;
  }
}
