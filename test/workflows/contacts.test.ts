import { expect, test } from '@jest/globals';
import { anOrder, ordersByKey } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, {});
const { provision } = ordersByKey(env);
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const contact = {
  email: 'office@customer.example',
  firstName: 'Ann',
  lastName: 'Ox',
  phone: '+49 30 1',
  address1: 'Hauptstr. 1',
  zipcode: '10115',
  organizationSize: '10',
};
const { firstName: firstname, lastName: lastname, organizationSize: organization_size, ...same } = contact;
const inVendorsWords = { ...same, firstname, lastname, organization_size };
const contactOf = (tenantId: string | undefined) =>
  env.simulator.world.tenant(tenantId!)!.contact as Record<string, unknown>;

test('the contact of a new customer is the ordered one in every field, and a repeat changes nothing', async () => {
  const order = anOrder({ customer: { contact } });
  const { tenantId } = await provision(order);
  expect(contactOf(tenantId)).toMatchObject(inVendorsWords);
  env.calls();

  expect(await provision(order)).toMatchObject({ state: 'completed', changed: false });
  expect(writes()).toEqual([]);
});

test('the contact of a new partner is the ordered one in every field', async () => {
  const order = aPartnerOrder();

  const { tenantId } = await env.run('provisionPartner', { ...order, partner: { ...order.partner, contact } });

  expect(contactOf(tenantId)).toMatchObject(inVendorsWords);
});

test('an adopted customer gets the ordered contact, and the former one back when the order fails', async () => {
  const order = anOrder({ customer: { contact: { email: contact.email, phone: '+49 30 99' } } });
  const user = { login: `user-${order.administrator.login}`, email: 'user@example.com' };
  const { tenantId } = await env.run('enableBackupUser', {
    customer: order.customer,
    user,
    infra: order['infra'],
  });
  const { updated_at: _at, ...before } = contactOf(tenantId);
  const right = { ...order, customer: { ...order.customer, contact } };
  env.simulator.faults.next('POST /users/{id}/send-activation-email', { refuse: 403 });

  expect(await env.provision(right)).toMatchObject({ failureType: 'Undone' });
  expect(contactOf(tenantId)).toMatchObject(before);

  expect(await env.provision(right)).toMatchObject({ state: 'completed', changed: true });
  expect(contactOf(tenantId)).toMatchObject(inVendorsWords);
});

test('an adopted customer keeps the fields of its contact that the order does not say', async () => {
  const made = { email: contact.email, phone: '+49 30 99' };
  const order = anOrder({ customer: { contact: made } });
  const user = { login: `user-${order.administrator.login}`, email: 'user@example.com' };
  await env.run('enableBackupUser', { customer: order.customer, user, infra: order['infra'] });
  const other = { email: 'new@customer.example', city: 'Berlin' };

  await env.provision({ ...order, customer: { ...order.customer, contact: other } });

  const { body } = env.simulator.journal.calls('PUT /tenants/{id}').at(-1)!;
  expect(body).toMatchObject({ contact: { ...made, ...other } });
});
