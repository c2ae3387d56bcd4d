import type { IntendedOperation, NotDone, TenantState } from '../../contract/customers.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import type { NamedAdministrator } from '../../contract/customer-requests.js';
import type { ExpectedCustomer } from '../../contract/expected-customer.js';
import type { Falls } from './falls.js';
import type { WantedCustomer } from './wanted.js';

/** What happens next with a customer: an operation, a wait, a question, or nothing. */
export type Intention =
  | ({ kind: 'operation' } & IntendedOperation)
  | { kind: 'waits'; waitingFor: string }
  | { kind: 'asks'; open: NotDone[] }
  | { kind: 'nothing' };

/** A tenant, with what was wanted when each of its fields was last applied. */
export interface AppliedTenant extends TenantState {
  tenantId: string;
  /** Whose it was when it was made, adopted or first looked at; absent in runs of older releases until the next look. */
  identity?: ExpectedCustomer;
}

/** A customer and its tenant. */
export interface Situation {
  ref: string;
  cloud?: string;
  wanted: WantedCustomer;
  /** The tenant, with what was wanted when each field was last applied. Absent while there is none. */
  applied?: AppliedTenant;
  /** True when nobody knows whether the tenant is enabled. */
  mayBeDisabled?: true;
  /** A deleted tenant, and whether a restore may bring it back. */
  gone?: { tenant: AppliedTenant; isRestorable: boolean };
  /** A person has released the tenant. */
  released?: true;
  /** Fields that the tenant's use does not allow now: by field, the answer of `agreement` to what was wanted then. */
  setAside?: Readonly<Record<string, string>>;
  /** Fields that the use did not allow, and that are tried again now: in the same form. */
  retried?: Readonly<Record<string, string>>;
  /** What a person has said yes to: by field, the answer of `agreement` to what was wanted then. */
  agreed?: Readonly<Record<string, string>>;
  /** What counts as a part of a fall. Absent in runs of releases that asked about each step alone, and about no item. */
  falls?: Falls;
  /** Whom a person has named as the administrator of a new tenant. */
  administrator?: NamedAdministrator;
  /** Operations that have failed, or that a person has dropped. What does not need them goes on. */
  stuck?: readonly IntendedOperation[];
}

/** A customer whose tenant exists. */
export type Live = Situation & { applied: AppliedTenant };

export function operation(name: string, why: string, input: object): Intention {
  return { kind: 'operation', operation: name, why, input };
}

/** The operation that is intended, if it is one. */
export function intendedOf(intention: Intention): IntendedOperation | undefined {
  if (intention.kind !== 'operation') return undefined;
  const { kind: _kind, ...intended } = intention;
  return intended;
}

/** What a yes to a question stands for. If it changes, the question is asked again. */
export function agreement(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** True for the same operation with the same input, whatever the reason for it. */
export function isSameOperation(
  one: Pick<IntendedOperation, 'operation' | 'input'>,
  other: Pick<IntendedOperation, 'operation' | 'input'> | undefined,
): boolean {
  return one.operation === other?.operation && isSame(one.input, other.input);
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** An order in the cloud of its customer. The default cloud is not named. */
export function inCloud(order: object, cloud: string = DEFAULT_CLOUD): object {
  return cloud === DEFAULT_CLOUD ? order : { ...order, cloud };
}
