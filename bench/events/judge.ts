import type { FoundCustomer, FoundCustomers } from './found.js';
import type { WantedCustomer } from './model.js';
import type { HandMadeChange } from './statements.js';

/** What may be true of a customer while facts are still on their way. */
export interface OnTheWay {
  isPlanned(ref: string): boolean;
  /** Whether the product may have known a moment without a paid subscription. */
  everGaveReasonToDisable(ref: string): boolean;
  /** What a person has changed at the vendor until now. */
  byHand(ref: string): HandMadeChange | undefined;
}

/** What is wrong at any time, whatever the product has not heard yet. */
export function faultsOnTheWay(found: FoundCustomers, about: OnTheWay): string[] {
  return [...found].flatMap(([ref, tenants]) => {
    if (!about.isPlanned(ref)) return `${ref}: nobody ordered ${tenants.map(({ name }) => name).join(', ')}`;
    const byHand = about.byHand(ref);
    const faults = [
      ...(tenants.length > 1 ? [`there are ${tenants.length} of it`] : []),
      ...tenants.flatMap((tenant) => [...doublesIn(tenant), ...foughtIn(tenant, byHand)]),
      ...(byHand?.kind !== 'disabled' && !about.everGaveReasonToDisable(ref) && tenants.some(({ enabled }) => !enabled)
        ? ['is disabled, although a subscription has always been paid for']
        : []),
    ];
    return faults.map((fault) => `${ref}: ${fault}`);
  });
}

function doublesIn({ users }: FoundCustomer): string[] {
  const mailed = users.filter(({ mails }) => mails > 2).map(({ login, mails }) => `${login} got ${mails} mails`);
  return users.length > 1 ? [`has ${users.length} users`, ...mailed] : mailed;
}

/** A change by hand that somebody has taken back. */
function foughtIn({ enabled, name, items }: FoundCustomer, byHand: HandMadeChange | undefined): string[] {
  switch (byHand?.kind) {
    case 'disabled':
      return enabled ? ['was enabled again after a person had disabled it'] : [];
    case 'renamed':
      return name === byHand.name ? [] : [`is called ${name} after a person had called it ${byHand.name}`];
    case 'itemRemoved':
      return items.includes(byHand.item) ? [`has ${byHand.item} again, which a person had switched off`] : [];
    case 'deleted':
      return ['is there again after a person had deleted it'];
    case undefined:
      return [];
  }
}

/** In what a customer differs from what it must be once everything was said. */
export function differences(wanted: WantedCustomer, tenants: readonly FoundCustomer[] = []): string[] {
  if (!wanted.tenants.includes(tenants.length)) return [`there are ${tenants.length} of it`];
  return tenants.flatMap((tenant) => [
    ...(tenant.enabled === wanted.enabled ? [] : [`is ${tenant.enabled ? 'enabled' : 'disabled'}`]),
    ...(wanted.isSold ? differencesAsSold(wanted, tenant) : []),
    ...incompleteIn(wanted, tenant),
  ]);
}

function differencesAsSold(wanted: WantedCustomer, { name, email, items, limits }: FoundCustomer): string[] {
  const has = Object.fromEntries(items.map((item) => [item, limits[item] ?? null]));
  const all = [...new Set([...items, ...Object.keys(wanted.items)])].toSorted();
  const shown = (of: Record<string, number | null>, item: string) =>
    item in of ? (of[item] ?? 'unlimited') : 'switched off';
  return [
    ...all
      .filter((item) => shown(has, item) !== shown(wanted.items, item))
      .map((item) => `${item} is ${shown(has, item)}, not ${shown(wanted.items, item)}`),
    ...(name === wanted.name ? [] : [`is called ${name}, not ${wanted.name}`]),
    ...(email === wanted.email ? [] : [`has the e-mail ${email}, not ${wanted.email}`]),
  ];
}

/** A customer that is there has one invited administrator and two factors. */
function incompleteIn({ logins }: WantedCustomer, { users, twoFactor }: FoundCustomer): string[] {
  const [user] = users;
  const isInvited = users.length === 1 && user!.mails > 0 && user!.roles.join(',') === 'company_admin';
  return [
    ...(isInvited && logins.includes(user!.login) ? [] : [`has the users ${JSON.stringify(users)}`]),
    ...(twoFactor ? [] : ['has no two-factor rule']),
  ];
}
