import type { FoundCustomer } from '../../bench/events/found.js';

/** The customer C-1, as a soak finds it when one workstation item with five seats is sold. */
export const seatsOfC1: FoundCustomer = {
  id: 't',
  name: 'One',
  customerId: 'C-1',
  enabled: true,
  email: 'own@c-1.example',
  twoFactor: true,
  items: ['workstations'],
  limits: { workstations: 5 },
  users: [{ login: 'own@c-1.example', roles: ['company_admin'], mails: 1 }],
};
