import type { Activation, Person } from './orders.js';

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
