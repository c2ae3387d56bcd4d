import type { Simulator } from '../../../simulator/index.js';

export interface PlainCustomer {
  name: string;
  login: string;
  email: string;
}

type Json = Record<string, unknown>;

/**
 * The vendor's first tutorial as a plain script: nine sequential calls, each of which must succeed. It stores nothing
 * and retries nothing. Tenantry is compared with it.
 */
export async function plainScript(
  simulator: Pick<Simulator, 'url' | 'clientId' | 'clientSecret' | 'rootTenantId'>,
  customer: PlainCustomer,
): Promise<void> {
  const { url, clientId, clientSecret, rootTenantId } = simulator;
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  const token = await send(`${url}/api/2/idp/token`, { method: 'POST', headers: { authorization: basic }, body: form });
  const authorization = `Bearer ${String(token['access_token'])}`;
  const call = async (method: string, path: string, body?: Json): Promise<Json> => {
    const headers = { authorization, 'content-type': 'application/json' };
    return await send(`${url}/api/2${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const tenant = await call('POST', '/tenants', { name: customer.name, kind: 'customer', parent_id: rootTenantId });
  const tenantId = String(tenant['id']);
  await call('PUT', `/tenants/${tenantId}/mfa/status`, { enabled: true });
  const offer = await call('GET', `/tenants/${rootTenantId}/offering_items/available_for_child?kind=customer`);
  const items = (offer['items'] as Json[]).filter(({ name }) => name === 'workstations' || name === 'storage');
  await call('PUT', `/tenants/${tenantId}/offering_items`, {
    offering_items: items.map(({ application_id, name, infra_id }) => ({ application_id, name, infra_id, status: 1 })),
  });
  await call('GET', `/users/check_login?username=${encodeURIComponent(customer.login)}`);
  const contact = { email: customer.email };
  const user = await call('POST', '/users', { tenant_id: tenantId, login: customer.login, contact });
  const userId = String(user['id']);
  await call('PUT', `/users/${userId}/access_policies`, {
    items: [{ trustee_id: userId, trustee_type: 'user', tenant_id: tenantId, role_id: 'company_admin' }],
  });
  await call('POST', `/users/${userId}/send-activation-email`);
}

async function send(url: string, init: RequestInit): Promise<Json> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method} ${new URL(url).pathname}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Json);
}
