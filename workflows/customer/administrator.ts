import type { NamedAdministrator } from '../../contract/customer-requests.js';
import type { Person } from '../../contract/orders.js';
import type { Placement } from '../../contract/sales-plans.js';
import { refuseDecision as refuse } from '../decisions/refusals.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { temporalReads } from '../kernel/activity-options.js';
import { PROVISION_CUSTOMER } from '../provision-customer/contract.js';
import type { Situation } from './intention.js';

/** Characters of JSON. */
const MOST_CHARACTERS = 2000;

/** True while a person decides who becomes the administrator of a customer that is to be created. */
export function isAskedFor({ applied, wanted: { tenant, placement } }: Situation): boolean {
  return applied === undefined && tenant.exists && placement?.administrator === 'ask';
}

/** Refuses an administrator whom nobody has asked for. */
export function checkIsAskedFor(situation: Situation, given: unknown): void {
  const isPerson = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (given !== 'none' && !isPerson) refuse('administrator: must be "none", or a person with "email"');
  if (JSON.stringify(given).length > MOST_CHARACTERS)
    refuse(`administrator: is longer than ${MOST_CHARACTERS} characters`);
  if (situation.applied !== undefined)
    refuse('administrator: the customer has a tenant: "addUser" adds a person to it');
  if (!isAskedFor(situation)) refuse('administrator: its plan does not ask who becomes the administrator');
}

/** Refuses what the creation of the customer would refuse. */
export async function checkAdministrator({ ref, wanted }: Situation, given: NamedAdministrator): Promise<void> {
  const { placement, tenant } = wanted;
  if (given === 'none' || placement === undefined) return;
  const input = {
    customer: { name: tenant.name ?? ref },
    offeringItems: ['any'],
    administrator: { ...given, login: given.login ?? loginBy(placement, { email: given.email, ref }) },
  };
  const start = await retryOnEviction(() => temporalReads.prepareStart({ operation: PROVISION_CUSTOMER, input }));
  const problems = 'refused' in start ? start.refused.filter(({ path }) => path.startsWith('administrator')) : [];
  if (problems.length > 0) refuse(problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
}

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
function loginBy({ loginPattern }: Placement, { email, ref }: { email: string; ref: string }): string {
  return loginPattern.replaceAll('{email}', () => email).replaceAll('{ref}', () => ref);
}
