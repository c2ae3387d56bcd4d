import type { AnySimulator } from './any-simulator.js';

let made = 0;

/** A valid order for a new partner, with `onFailure: "undo"`. A test gives only what matters to it. */
export function aPartnerOrder(fields: object = {}) {
  made += 1;
  const administrator = { login: `partner-${made}`, email: `partner-${made}@example.com` };
  const partner = { name: `Partner ${made}` };
  return { partner, edition: 'pck_per_gigabyte', administrator, onFailure: 'undo', ...fields };
}

type PartnerOrder = ReturnType<typeof aPartnerOrder>;

/** The tenants with the name of an order. */
export const partnersOf = ({ world }: AnySimulator, { partner: { name } }: PartnerOrder) =>
  world.tenants().filter((tenant) => tenant.name === name);

/** The tenants with the name of an order, in a form to compare with `completePartner`. */
export const portraitOf = (simulator: AnySimulator, order: PartnerOrder) =>
  partnersOf(simulator, order).map(({ id, kind }) => ({
    kind,
    editions: new Set(simulator.world.items(id).map(({ edition }) => edition)),
    administrators: simulator.world.users(id).map((user) => ({
      login: user.login,
      roles: simulator.world.policies(user.id).map(({ role_id }) => role_id),
    })),
  }));

/** What `portraitOf` gives for an order that is complete. */
export const completePartner = ({ edition, administrator: { login } }: PartnerOrder) => [
  { kind: 'partner', editions: new Set([edition, null]), administrators: [{ login, roles: ['partner_admin'] }] },
];

/** How many activation mails went to the administrator. */
export const mailsTo = ({ world }: AnySimulator, { administrator }: PartnerOrder) =>
  world.mails().filter(({ login }) => login === administrator.login).length;
