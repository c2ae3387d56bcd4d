import type { CustomerBlocked } from '../../contract/customer-runs.js';
import type { IntendedOperation } from '../../contract/customers.js';
import { FailureType } from '../../contract/failures.js';
import { agreement, isSameOperation, type Situation } from './intention.js';
import { isWanted } from './next-operation.js';

/**
 * What did not work, or was dropped. The same operation is not tried again before something else is wanted, or a person
 * says so.
 */
export interface Trouble extends CustomerBlocked {
  intended: IntendedOperation;
  /** When it is tried again by itself; absent when a person must act first. */
  retryAt?: string;
  /** A person has dropped it at the brake: it stays so as long as the operation is wanted. */
  isDropped?: true;
  /** What was wanted then. */
  wanted?: string;
}

const RETRY_MS = 15 * 60 * 1000;

/** A trouble that may pass by itself. */
export function retriedLater(message: string, now: number): { type: string; message: string; retryAt: string } {
  return { type: FailureType.Unavailable, message, retryAt: new Date(now + RETRY_MS).toISOString() };
}

interface Troubled {
  troubles: Trouble[];
}

/** With this trouble, in place of an older one with the same operation. */
export function withTrouble<P extends Troubled>(progress: P, trouble: Trouble): P {
  const others = progress.troubles.filter(({ intended }) => !isSameOperation(intended, trouble.intended));
  return { ...progress, troubles: [...others, trouble] };
}

export function troubleWith({ troubles }: Troubled, wanted: IntendedOperation | undefined): Trouble | undefined {
  return troubles.find(({ intended }) => isSameOperation(intended, wanted));
}

/** Those that still stand in the way. */
export function lastingTroubles({ troubles }: Troubled, situation: Situation): Trouble[] {
  const now = wantedNow(situation);
  return troubles.filter(
    ({ intended, isDropped, wanted = now }) => isWanted(situation, intended) && (isDropped || wanted === now),
  );
}

/** Stands for all that is wanted. */
export function wantedNow({ wanted: { tenant } }: Pick<Situation, 'wanted'>): string {
  return agreement(tenant);
}
