import { hasSeveralStorages } from '../example-tenant.js';
import { ORDINARY_INFRA } from '../../../simulator/index.js';
import type { OperationModel } from './index.js';

interface Order {
  customer: { name: string; customerId: string; language: string; managedByProvider?: boolean };
  administrator?: { login: string; email: string };
  activation?: { by: string };
  billingMode?: string;
}

/** What the example asks for, written down by hand in the vendor's words. */
export const provisionCustomer: OperationModel = {
  variants: {
    'for good': (example) => ({
      ...example,
      customer: { ...(example as unknown as Order).customer, managedByProvider: false },
      billingMode: 'production',
      confirm: 'Customer, Inc',
      activation: { by: 'password', secretRef: 'env:INITIAL' },
    }),
    'without an administrator': ({ administrator: _administrator, activation: _activation, ...example }) => example,
  },
  /** Says where data lives, if several places are offered. */
  prepare(world, input) {
    if (hasSeveralStorages(world)) Object.assign(input, { infra: { backup: ORDINARY_INFRA } });
  },
  earlier: {
    completed: {},
    'kept under another name': {
      refused: 'POST /users',
      order: (input) => ({
        administrator: { login: 'kept.admin', email: 'kept@customer.example.com', firstName: 'Kim', lastName: 'Kept' },
        activation: { by: 'email' },
        ...input,
        customer: { ...(input as unknown as Order).customer, name: 'Customer Inc', language: 'de' },
        confirm: 'Customer Inc',
      }),
    },
  },
  pointOfNoReturn: 'limitAdministratorAccess',
  expected(input, skipped, before) {
    const { customer, administrator, activation, billingMode } = input as unknown as Order;
    const { name, customerId, language } = customer;
    const done = (step: string) => !skipped.includes(step);
    const mailed = activation?.by === 'email' && done('sendActivationEmail');
    const tenant = before[`tenants ${name}`] as { ancestral_access?: boolean } | undefined;
    const pricing = before[`pricing ${name}`] ?? { mode: 'trial' };
    const ownAlone = done('limitAdministratorAccess')
      ? customer.managedByProvider === false
      : tenant?.ancestral_access === false;
    const forGood = billingMode === 'production' && done('switchToProduction');
    return {
      [`tenants ${name}`]: {
        kind: 'customer',
        enabled: true,
        name,
        customer_id: customerId,
        language,
        parent_id: 'Tenantry Demo MSP',
        ancestral_access: !ownAlone,
        contact: { email: 'office@customer.example.com' },
      },
      [`pricing ${name}`]: forGood ? { mode: 'production' } : pricing,
      [`mfa ${name}`]: done('requireTwoFactor') ? 'enabled' : (before[`mfa ${name}`] ?? 'disabled'),
      [`items ${name}`]: [
        { name: 'storage', status: 1, quota: { value: 2 ** 40, overage: 500 * 2 ** 30 } },
        { name: 'workstations', status: 1, quota: { value: 25 } },
      ],
      ...(administrator && expectedUser(administrator, { tenant: name, mailed })),
    };
  },
};

function expectedUser(
  { login, email }: NonNullable<Order['administrator']>,
  { tenant, mailed }: { tenant: string; mailed: boolean },
) {
  return {
    [`users ${login}`]: { login, tenant_id: tenant, enabled: true, contact: { email, firstname: 'John' } },
    [`policies ${login}`]: [{ role_id: 'company_admin', tenant_id: tenant, trustee_id: login }],
    ...(mailed && { [`mail to ${login}`]: true }),
  };
}
