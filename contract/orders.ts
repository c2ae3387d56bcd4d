/** A person to whom a user account is given. */
export interface Person {
  login: string;
  email: string;
  firstName?: string;
  lastName?: string;
}

/** How a new user gets in. */
export type Activation = { by: 'email' } | { by: 'password'; secretRef: string };

/** How often the activation mail is asked for, where no answer says whether it was sent. */
export const MOST_MAILS = 2;

/** Names one tenant below the root; text is compared exactly, but for blanks around it. */
export type TenantRef = { id: string } | { customerId: string } | { name: string };

/** The fields of every order, with every default filled in. */
export interface EveryOrder {
  cloud?: string;
  externalRef?: string;
  onFailure: 'ask' | 'undo' | 'keep';
  /** A duration in words. */
  decisionDeadline?: string;
  then?: 'undo' | 'keep';
}

/** What may be amended in the order of any operation: it only says what to do about failures, so no step has used it. */
export const everyAmendable = {
  onFailure: [],
  decisionDeadline: [],
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; no function
  then: [],
} as const;
