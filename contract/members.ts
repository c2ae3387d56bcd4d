import type { Activation, Person } from './orders.js';

/** Whom an existing tenant gets as a user, and how that user gets in. */
export interface NewMember {
  user: Person;
  role: string;
  activation: Activation;
}

/** The step that lets a user in. */
export function activationStep({ by }: Activation): 'sendActivationEmail' | 'setPassword' {
  return by === 'email' ? 'sendActivationEmail' : 'setPassword';
}
