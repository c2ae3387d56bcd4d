import type { Intent, IntentKind } from '../../contract/brake.js';
import type { CustomerStart, IntendedOperation } from '../../contract/customers.js';
import { BrakeGate, type AskedIntent } from '../brake/gate.js';
import { cutsIn, LESS } from './entitlement.js';
import { agreement } from './intention.js';
import { PROVISION_CUSTOMER } from '../provision-customer/contract.js';
import type { Progress } from './progress.js';

const kinds: Readonly<Record<string, IntentKind>> = {
  provisionCustomer: 'creation',
  disableTenant: 'disable',
  offboardCustomer: 'offboard',
  switchEdition: 'edition',
  switchToProduction: 'production',
};

type Permission = 'granted' | 'dropped' | 'open';

/** What the brake of the cloud allows one customer: it is asked before an operation takes something away, or creates. */
export class BrakeRequests {
  private readonly gate: BrakeGate;

  /** Must be created before the workflow waits for anything. */
  constructor(
    start: CustomerStart,
    saved: readonly AskedIntent[],
    private readonly progress: () => Progress,
  ) {
    this.gate = new BrakeGate(start, saved);
  }

  /** As plain data, for the next run of the workflow. */
  get all(): AskedIntent[] {
    return [...this.gate.all];
  }

  /** True while the brake must hear that something is no longer wanted. */
  get isWithdrawing(): boolean {
    return this.gate.isWithdrawing;
  }

  /** The operation that was asked for and has no answer. */
  get pending(): string | undefined {
    return this.all.find(({ state }) => state === 'asked')?.what;
  }

  /** True when the brake has said yes or no to this operation, since it was asked. */
  hasAnswered(intended: IntendedOperation | undefined): boolean {
    const intent = intended && intentOf(intended, this.progress());
    return intent !== undefined && ['granted', 'dropped'].includes(this.gate.stateOf(intent.id));
  }

  /** True when this operation may begin at once: the brake has said yes, or need not be asked. */
  isGranted(intended: IntendedOperation): boolean {
    const intent = intentOf(intended, this.progress());
    return intent === undefined || this.gate.stateOf(intent.id) === 'granted';
  }

  /** Withdraws what was asked for any other operation. One that cannot begin just now keeps its answer. */
  keepOnly(intended: IntendedOperation | undefined): void {
    const intent = intended && intentOf(intended, this.progress());
    for (const { id } of this.all) if (id !== intent?.id) this.gate.forget(id);
  }

  /** Asks for an operation, once. */
  request(intended: IntendedOperation): Permission {
    const intent = intentOf(intended, this.progress());
    if (intent === undefined) return 'granted';
    this.gate.ask(intent);
    const state = this.gate.stateOf(intent.id);
    return state === 'granted' || state === 'dropped' ? state : 'open';
  }

  /** Who has dropped what was asked, and why, as a sentence. */
  get dropped(): string {
    const { actor = 'somebody', reason = '' } = this.all.find(({ state }) => state === 'dropped')?.by ?? {};
    return `${actor} has dropped it at the brake: ${reason}. "converge" asks for it again`;
  }

  /** What was asked has begun, or is refused. */
  clear(): void {
    this.keepOnly(undefined);
  }
}

/**
 * What the brake is asked; undefined for an operation that it does not count. A cut that was set aside before was granted
 * then: to try it again every day takes nothing away more than once.
 */
export function intentOf({ operation, why, input }: IntendedOperation, progress: Progress): Intent | undefined {
  if (operation === PROVISION_CUSTOMER && isLimitedByRollout(progress)) return undefined;
  const isCut = operation === 'changeEntitlement' && why === LESS && !wasSetAside(input, progress.setAside);
  const kind = isCut ? 'quotaCut' : kinds[operation];
  return kind === undefined ? undefined : { id: JSON.stringify({ operation, why, input }), kind, what: operation, why };
}

/** The first tenant of a customer that a rollout acts for: the rollout goes on only when there is one. */
function isLimitedByRollout({ isRolledOut, tenant, gone }: Progress): boolean {
  return isRolledOut === true && tenant === undefined && gone === undefined;
}

function wasSetAside(input: object, setAside: Progress['setAside']): boolean {
  return Object.entries(cutsIn(input)).every(([field, value]) => setAside[field]?.wanted === agreement(value));
}
