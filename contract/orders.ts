/** A person who gets a user account. */
export interface Person {
  login: string;
  email: string;
  firstName?: string;
  lastName?: string;
}

/** The contact of a tenant. */
export interface TenantContact {
  email: string;
  firstName?: string;
  lastName?: string;
  title?: string;
  phone?: string;
  fax?: string;
  website?: string;
  address1?: string;
  address2?: string;
  city?: string;
  state?: string;
  zipcode?: string;
  country?: string;
  industry?: string;
  organizationSize?: string;
}

/** How a new user gets access. */
export type Activation = { by: 'email' } | { by: 'password'; secretRef: string };

/** How many activation mails are requested at most while no answer confirms one. */
export const MOST_MAILS = 2;

/** A user that was made less than this time ago has only what its run has given it. Milliseconds. */
export const HANDS_NEED_MS = 30_000;

/** After a pause of this length a run looks whether its tenant is still the one it means. Milliseconds. */
export const LONG_PAUSE_MS = 10_000;

/** Names one tenant below the root. Text is compared exactly, except for surrounding blanks and how Unicode spells a letter. */
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

/** Fields that can be amended in every order: they only say how to handle failures, so no step has used them. */
export const everyAmendable = {
  onFailure: [],
  decisionDeadline: [],
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; no function
  then: [],
} as const;

/** A user to add to an existing tenant, and how the user gets access. */
export interface NewMember {
  user: Person;
  role: string;
  activation: Activation;
}

/** The step that gives a user access. */
export function activationStep({ by }: Activation): 'sendActivationEmail' | 'setPassword' {
  return by === 'email' ? 'sendActivationEmail' : 'setPassword';
}
