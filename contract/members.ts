import type { Activation, Person } from './orders.js';

/** Whom an existing tenant shall have as a user, and how that user gets in. */
export interface NewMember {
  user: Person;
  role: string;
  activation: Activation;
}

/** The steps of giving a user to a tenant, in the order in which they begin. */
export function memberSteps({ activation }: Pick<NewMember, 'activation'>): string[] {
  return ['ensureUser', 'assignRole', activationStep(activation)];
}

/** Which of these steps use which part of an order. */
export const memberAmendable = {
  user: ['ensureUser'],
  role: ['assignRole'],
  activation: ['sendActivationEmail', 'setPassword'],
} as const;

/** The step that lets a user in. */
export function activationStep({ by }: Activation): 'sendActivationEmail' | 'setPassword' {
  return by === 'email' ? 'sendActivationEmail' : 'setPassword';
}
