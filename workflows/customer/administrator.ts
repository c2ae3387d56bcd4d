import type { Person } from '../../contract/orders.js';
import type { Placement } from '../../contract/sales-plans.js';
import type { Situation } from './intention.js';

/** Who becomes the administrator, and how that person gets access; nothing when nobody does. */
export function administratorOf(
  placement: Placement,
  { ref, wanted, administrator: named }: Situation,
): { administrator?: Person; activation?: { by: 'email' } } {
  const { contact } = wanted.tenant;
  const given = placement.administrator === 'contact' ? contact && { login: wanted.login, ...contact } : named;
  if (given === undefined || given === 'none' || placement.administrator === 'none') return {};
  const { login = loginBy(placement, { email: given.email, ref }), ...person } = given;
  return { administrator: { ...person, login }, activation: { by: 'email' } };
}

/** The login by the pattern of the plan. */
export function loginBy({ loginPattern }: Placement, { email, ref }: { email: string; ref: string }): string {
  return loginPattern.replaceAll('{email}', () => email).replaceAll('{ref}', () => ref);
}
