import { ALONE, TIME as time, type Described } from './described.js';
import { machines } from './full-replies-of-machines.js';
import { ROOT_ID, TENANT_ID, USER_ID } from './stand-in.js';

export const APP = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const contact = { email: 'jane@example.test', firstname: 'Jane', lastname: 'Roe' };

const apiClient = {
  client_id: 'client-9',
  tenant_id: ROOT_ID,
  type: 'api_client',
  status: 'enabled',
  origin_id: 'run-1',
  created_at: time,
  data: { tenantry_mark: 'tenantry:test:key:run', client_name: 'Backup' },
};
const quota = { value: 25, overage: 5, version: 1_719_915_071_123 };
const quotaNeeds = ['quota', 'quota.value', 'quota.overage', 'quota.version'];
const tenant = {
  id: TENANT_ID,
  version: 1,
  name: 'Northwind',
  kind: 'customer',
  parent_id: ROOT_ID,
  enabled: true,
  customer_id: 'ext-7781',
  internal_tag: 'run-1',
  language: 'en',
  ancestral_access: false,
  pricing_mode: 'trial',
  mfa_status: 'enabled',
  has_children: true,
  production_start_date: time,
  external_operation_status: 'deleting',
  update_lock: { enabled: true, owner_id: ROOT_ID },
  owner_id: USER_ID,
  created_at: time,
  updated_at: time,
  deleted_at: time,
  contact,
};
const user = {
  id: USER_ID,
  version: 1,
  tenant_id: TENANT_ID,
  login: 'jane',
  activated: true,
  enabled: true,
  personal_tenant_id: ROOT_ID,
  external_id: 'S-1-5',
  origin_id: 'crm',
  origin_external_id: '17',
  language: 'en',
  mfa_status: 'disabled',
  created_at: time,
  updated_at: time,
  deleted_at: time,
  contact,
};
export const things = {
  apiClient: {
    full: apiClient,
    needed: ['client_id', 'tenant_id'],
    decisive: ['origin_id', 'data', 'data.tenantry_mark'],
  },
  newApiClient: {
    full: { ...apiClient, client_secret: 'hush' },
    needed: ['client_id', 'tenant_id', 'client_secret'],
    decisive: ['origin_id', 'data', 'data.tenantry_mark'],
  },
  tenant: {
    full: tenant,
    needed: ['id', 'version', 'name', 'kind', 'parent_id', 'enabled', 'update_lock.enabled'],
    decisive: ['internal_tag', 'ancestral_access', 'update_lock', 'update_lock.owner_id', 'owner_id', 'deleted_at'],
  },
  user: {
    full: user,
    needed: ['id', 'version', 'tenant_id', 'enabled'],
    decisive: ['deleted_at'],
  },
  newTenant: {
    full: { ...tenant, deleted_at: null },
    needed: ['id', 'version', 'name', 'kind', 'parent_id', 'enabled', 'update_lock.enabled'],
    decisive: ['internal_tag', 'ancestral_access', 'update_lock', 'update_lock.owner_id', 'owner_id', 'deleted_at'],
  },
  newUser: {
    full: { ...user, activated: false, deleted_at: null },
    needed: ['id', 'version', 'tenant_id', 'enabled'],
    decisive: ['deleted_at'],
  },
  me: {
    full: { id: USER_ID, tenant_id: ROOT_ID, login: 'jane', personal_tenant_id: TENANT_ID, tenant_kind: 'partner' },
    needed: ['id', 'tenant_id'],
  },
  accessPolicy: {
    full: { id: USER_ID, trustee_id: USER_ID, tenant_id: TENANT_ID, role_id: 'company_admin' },
    needed: ['tenant_id', 'role_id'],
  },
  id: { full: TENANT_ID, needed: [''] },
  tenantNumber: { full: { id: '1415032', uuid: TENANT_ID }, needed: ['id', 'uuid'] },
  group: { full: { id: 1_415_032, name: 'Northwind' }, needed: ['id'] },
  item: {
    full: {
      application_id: APP,
      name: 'pg_base_storage',
      edition: 'pck_per_gigabyte',
      usage_name: 'storage',
      type: 'infra',
      status: 1,
      locked: true,
      infra_id: ROOT_ID,
      measurement_unit: 'bytes',
      quota,
    },
    needed: ['application_id', 'name', 'status'],
    decisive: ['edition', 'type', 'infra_id', ...quotaNeeds],
  },
  warnings: {
    full: { warnings: ['SomePlansWillStopWorking'] },
    decisive: ['warnings'],
    partOf: { warnings: ALONE, 'warnings.0': ALONE },
  },
  application: { full: { id: APP, type: 'backup', name: 'Cyber Protection' }, needed: ['id', 'type'] },
  twoFactor: {
    full: { mfa_status: 'enabled', users_count: 3, users_with_totp_enabled_count: 1, update_allowed: true },
    needed: ['mfa_status'],
  },
  pricing: {
    full: { mode: 'trial', currency: 'EUR', production_start_date: time, version: 1_719_915_071_123 },
    needed: ['mode', 'version'],
  },
  usage: {
    full: {
      application_id: APP,
      name: 'pg_base_storage',
      usage_name: 'storage',
      edition: 'pck_per_gigabyte',
      type: 'infra',
      infra_id: ROOT_ID,
      measurement_unit: 'bytes',
      value: 5,
      absolute_value: 7,
      range_start: time,
      offering_item: { quota },
    },
    needed: ['name', 'usage_name', 'value', 'absolute_value'],
    partOf: {
      'offering_item.quota.value': 'offering_item.quota',
      'offering_item.quota.overage': 'offering_item.quota',
      'offering_item.quota.version': 'offering_item.quota',
    },
  },
  report: {
    full: {
      id: USER_ID,
      version: 1,
      generation_date: '2024-07-02',
      parameters: {
        tenant_id: TENANT_ID,
        level: 'accounts',
        kind: 'usage_current',
        formats: ['csv_v2_0'],
        period: { start: '2024-07-01', end: '2024-07-02' },
      },
    },
    needed: ['id'],
    decisive: ['version'],
  },
  storedReport: {
    full: { id: USER_ID, report_format: 'csv_v2_0', size: 100, created_at: time, status: 'saved' },
    needed: ['status'],
    decisive: ['id', 'size'],
  },
  hit: {
    full: {
      obj_type: 'user',
      id: USER_ID,
      parent_id: TENANT_ID,
      kind: 'customer',
      name: 'Northwind',
      login: 'jane',
      first_name: 'Jane',
      last_name: 'Roe',
      path: ['My MSP'],
      deleted_at: time,
    },
    needed: ['obj_type', 'id'],
  },
  registrationToken: {
    full: {
      id: 17,
      token: '7K2P-9QWX-31AB',
      tenant_uuid: TENANT_ID,
      created_at: time,
      expires_at: time,
      scopes: ['urn:acronis.com::backup_agent_admin'],
    },
    needed: ['id', 'token', 'scopes.0'],
    decisive: ['created_at', 'expires_at', 'scopes'],
  },
  ...machines,
} satisfies Record<string, Described>;
