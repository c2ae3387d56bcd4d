import type { Context } from '@temporalio/activity';
import type { Acronis } from '../acronis/index.js';
import type { SecretStore, StoredSecret } from '../vault/index.js';
import type { AttemptMemory } from './failures.js';
import type { Observer } from './observer.js';
import type { PendingAttempt } from './pending-attempt.js';
import type { BudgetSlots } from './call-turns.js';
import type { CloudSlots } from './cloud-slots.js';

/** What every activity is made from. */
export interface ActivityDependencies {
  /** The client of a configured cloud; throws `UnknownCloud` when there is none of this name. */
  cloud(name: string): Acronis;
  /** Reads a secret by its reference, on this worker; `UNREAD` in a plan that cannot know it. Never empty. */
  secret(reference: string): Promise<string>;
  /** Keeps the secrets that a step receives; absent when none is configured on this worker. */
  secretStore?: StepSecretStore;
  observer?: Observer;
  /** Asks the server about the attempt that runs here; nobody is asked without it. */
  pending?(context: Context): Promise<PendingAttempt>;
  /** How much of the worker one cloud may use; all of it unless given. */
  shares?: CloudSlots;
  /** Which attempts begin while calls wait for the budget of their cloud; all unless given. */
  budgets?: BudgetSlots;
  /** How long to look again for a thing that may be listed late. Milliseconds; one minute unless given. */
  lookAgainMs?: number;
}

/** What a plan has in place of a secret that only a worker can read. */
export const UNREAD = '';

/** Keeps secrets by name, encrypted. */
export interface StepSecretStore extends Pick<SecretStore, 'check' | 'put' | 'remove'> {
  read(name: string): Promise<KeptSecret | undefined>;
}

export interface KeptSecret extends StoredSecret {
  /** True in a plan, which reads no secret and expects that one is there. */
  assumed?: true;
}

/** What an activity can use and know in one attempt. */
export interface Attempt {
  acronis: Acronis;
  /** How many attempts of this call there were before. */
  earlierAttempts: number;
  /** True when an earlier attempt has changed something, or may have. */
  mayHaveActed: boolean;
  /** True when an earlier attempt ended without a report: its memory may be lost. */
  lostAttempt: boolean;
  /** True when a call of this step before a block may have changed something. */
  triedBefore: boolean;
  /** When the workflow scheduled this call, by Temporal's clock. Milliseconds since 1970. */
  orderedAt: number;
  /**
   * The time by Temporal's clock, in milliseconds since 1970: not more than it is, and less by the time for which this
   * attempt has waited for a worker.
   */
  now(): number;
  /** What earlier attempts have learnt; this attempt writes into it for later ones. */
  memory: AttemptMemory;
  /** Sends the memory to the server now. */
  remember(): void;
  /** Ends once the server has the memory; fails, to be tried again, when that cannot be seen. */
  waitUntilRemembered(): Promise<void>;
  secret(reference: string): Promise<string>;
  secretStore: StepSecretStore | undefined;
  /** Waits; ends at once when the worker or the run is cancelled. */
  pause(ms: number): Promise<void>;
  lookAgainMs: number;
}

/** Most activities are about one tenant of one cloud. */
export interface TenantSpec {
  cloud: string;
  tenantId: string;
}

/** What a workflow knows of earlier tries of a step. */
export interface StepTries {
  /** True when the step was tried before, or an earlier run may have done it. */
  look?: boolean;
  /** True when such a try may have taken effect. */
  unsure?: boolean;
  /** When the last try before a block ended, in ISO 8601: what is younger, this run has not made. */
  triedUntil?: string;
}

/** What an activity answers before its calls and attempts are added. */
export interface Outcome<Result> {
  result: Result;
  /** True when the thing was there already. */
  adopted?: boolean;
  /** True when this run made the difference; unless given, it did when nothing was adopted. */
  changed?: boolean;
  /** The id of the tenant of which it has read whose it is, and that it gives to the run or has compared. */
  seen?: string;
}

/** The outcome of a step that has read, or has just made, the tenant that it answers. */
export function seenIn<Result extends { tenantId: string }>(outcome: Outcome<Result>): Outcome<Result> {
  return { ...outcome, seen: outcome.result.tenantId };
}

/** Earlier tries of a step: there were none, all failed, or one may have done what the step does. */
export type EarlierTries = 'none' | 'failed' | 'maybeDone';

/** Combines what the workflow knows of earlier tries of the step with the earlier attempts of this call. */
export function earlierTries(
  { look = false, unsure }: StepTries,
  { mayHaveActed, earlierAttempts }: Attempt,
): EarlierTries {
  if (mayHaveActed || (look && unsure !== false)) return 'maybeDone';
  return look || earlierAttempts > 0 ? 'failed' : 'none';
}
