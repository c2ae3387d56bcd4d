import { onboardingLines } from '../../contract/onboarding-view.js';
import { onboardingOf } from '../../contract/onboarding.js';
import { customerViewOf, type CustomerLine } from '../../contract/customer-view.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { table } from './table.js';
import { joinLines } from './printable.js';

/** A customer as a person reads it: what is sold, what the tenant should be, and what happens next. */
export function customerText(status: CustomerStatus): string {
  const { headline, subscriptions, unread } = customerViewOf(status);
  return joinLines([
    headline,
    ...(status.tenantId === undefined ? [] : [`  tenant ${status.tenantId}`]),
    ...subscriptions.flatMap(indented),
    ...(unread === undefined ? [] : [`  ${unread}`]),
    ...followingLines(status),
    ...onboardingPart(status),
    ...eventLines(status.events),
  ]);
}

/** The milestones of a customer whose plan says that it is protected. */
function onboardingPart(status: CustomerStatus): string[] {
  if (status.protection === undefined) return [];
  return ['  from sold to protected:', ...onboardingLines(onboardingOf(status)).map((line) => `    ${line}`)];
}

/** What follows from what is sold: what the tenant should be, and what happens next. */
export function followingLines(status: CustomerStatus): string[] {
  const { wanted, doing, following } = customerViewOf(status);
  return [`  should be: ${wanted}`, ...[...doing, ...following].flatMap(indented)];
}

function indented({ text, details }: CustomerLine): string[] {
  return [`  ${text}`, ...details.map((detail) => `    ${detail}`)];
}

const SHOWN_EVENTS = 10;

function eventLines(events: CustomerStatus['events']): string[] {
  if (events.length === 0) return [];
  const rows = events.slice(-SHOWN_EVENTS).map(({ at, source, type, id, outcome }) => [at, source, type, id, outcome]);
  return table(
    ['  READ AT', 'SOURCE', 'TYPE', 'ID', 'OUTCOME'],
    rows.map(([at, ...rest]) => [`  ${at}`, ...rest]),
  ).split('\n');
}
