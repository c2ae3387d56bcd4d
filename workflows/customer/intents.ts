import type { Intent, IntentKind } from '../../contract/brake.js';
import type { CustomerStart, IntendedOperation } from '../../contract/customers.js';
import { BrakeGate, type AskedIntent } from '../brake/gate.js';
import { LESS } from './entitlement.js';
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
export class Permissions {
  private readonly gate: BrakeGate;

  /** Must be created before the workflow waits for anything. */
  constructor(start: CustomerStart, saved: readonly AskedIntent[]) {
    this.gate = new BrakeGate(start, saved);
  }

  /** As plain data, for the next run of the workflow. */
  get all(): AskedIntent[] {
    return [...this.gate.all];
  }

  /** The operation that was asked for and has no answer. */
  get pending(): string | undefined {
    return this.all.find(({ state }) => state === 'asked')?.what;
  }

  /** True when the brake has said yes or no to this operation, since it was asked. */
  hasAnswered(intended: IntendedOperation | undefined): boolean {
    const intent = intended && intentOf(intended);
    return intent !== undefined && ['granted', 'dropped'].includes(this.gate.stateOf(intent.id));
  }

  /** Withdraws what was asked for any other operation. One that cannot begin just now keeps its answer. */
  keepOnly(intended: IntendedOperation | undefined): void {
    const intent = intended && intentOf(intended);
    for (const { id } of this.all) if (id !== intent?.id) this.gate.forget(id);
  }

  /** Asks for an operation, once. */
  request(intended: IntendedOperation, progress: Progress): Permission {
    const intent = intentOf(intended);
    if (intent === undefined || (intent.kind === 'creation' && isLimitedByRollout(progress))) return 'granted';
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

/** The first tenant of a customer that a rollout acts for: the rollout goes on only when there is one. */
function isLimitedByRollout({ isRolledOut, tenant, gone }: Progress): boolean {
  return isRolledOut === true && tenant === undefined && gone === undefined;
}

/** What the brake is asked; undefined for an operation that it does not count. */
function intentOf(intended: IntendedOperation): Intent | undefined {
  const { operation, why } = intended;
  const kind = operation === 'changeEntitlement' && why === LESS ? 'quotaCut' : kinds[operation];
  return kind === undefined ? undefined : { id: JSON.stringify(intended), kind, what: operation, why };
}
