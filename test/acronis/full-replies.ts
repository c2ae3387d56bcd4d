import { ROOT_ID, TENANT_ID, USER_ID } from './stand-in.js';

/** What the vendor answers about one thing, with every documented field that we read, and which of them the product needs. */
export interface Described {
  full: unknown;
  /** Paths that must be there, and be of the kind that they are. */
  needed?: readonly string[];
  /** Paths that may be missing or null, but of which another kind must not be taken for null. */
  decisive?: readonly string[];
  /** Paths without which the thing of which they are a part is not told at all. */
  partOf?: Readonly<Record<string, string>>;
}

/** The path of what a method answers with as it is. */
export const ALONE = '';

export const APP = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const time = '2024-07-02T10:11:12';
const contact = { email: 'jane@example.test', firstname: 'Jane', lastname: 'Roe' };

const apiClient = {
  client_id: 'client-9',
  tenant_id: ROOT_ID,
  type: 'api_client',
  status: 'enabled',
  origin_id: 'run-1',
  created_at: time,
  data: { client_name: 'Backup' },
};
const quota = { value: 25, overage: 5, version: 1_719_915_071_123 };
const quotaNeeds = ['quota', 'quota.value', 'quota.overage', 'quota.version'];
const resource = {
  id: 'machine-1',
  name: 'WS-014',
  user_defined_name: 'Reception',
  type: 'resource.machine',
  tenant_id: '1415032',
  agent_id: 'agent-1',
  group_condition: 'ws*',
  attributes: [{ name: 'computer', kvs: [{ key: 'os_type', value: 'Windows' }] }],
  created_at: time,
  updated_at: time,
};
const ofResource = ['name', 'user_defined_name', 'group_condition'];
const work = {
  id: 731,
  idString: '731',
  uuid: USER_ID,
  type: 'backup_machine',
  state: 'completed',
  result: { code: 'ok' },
  cancellable: false,
  startedByUser: 'jane',
  policy: { id: 'b1', name: 'Workstations' },
  resource: { id: 'machine-1', name: 'ws-014', type: 'resource.machine' },
  tenant: { id: '1415032', name: 'Northwind' },
  enqueuedAt: time,
  startedAt: time,
  updatedAt: time,
  completedAt: time,
};

export const things = {
  apiClient: { full: apiClient, needed: ['client_id', 'tenant_id'], decisive: ['origin_id'] },
  newApiClient: {
    full: { ...apiClient, client_secret: 'hush' },
    needed: ['client_id', 'tenant_id', 'client_secret'],
    decisive: ['origin_id'],
  },
  tenant: {
    full: {
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
    },
    needed: ['id', 'version', 'name', 'kind', 'parent_id', 'enabled', 'update_lock.enabled'],
    decisive: ['internal_tag', 'ancestral_access', 'update_lock', 'update_lock.owner_id', 'owner_id', 'deleted_at'],
  },
  user: {
    full: {
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
    },
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
    needed: ['warnings'],
    partOf: { 'warnings.0': ALONE },
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
    decisive: ['id'],
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
  agent: {
    full: {
      id: 'agent-1',
      name: 'WS-014',
      hostname: 'ws-014.local',
      online: true,
      enabled: true,
      tenant: { id: '1415032', name: 'Northwind' },
      platform: { family: 'WINDOWS', arch: 'X64', name: 'Windows 11 Pro' },
      core_version: { current: { release_id: '24.06', build: '37891' } },
      registration_date: 'Tue, 02 Jul 2024 10:30:00 UTC',
    },
    needed: ['id'],
  },
  resource: {
    full: resource,
    needed: ['id'],
    decisive: ofResource,
    partOf: { 'attributes.0.kvs.0.key': 'attributes.0.kvs' },
  },
  protection: {
    full: {
      context: resource,
      aggregate: { status: 'ok', names: ['Workstations'] },
      policies: [{ type: 'policy.backup.machine', last_run: time, last_success_run: time, next_run: time }],
    },
    needed: ['context', 'context.id'],
    decisive: ofResource.map((name) => `context.${name}`),
    partOf: { 'context.attributes.0.kvs.0.key': 'context.attributes.0.kvs' },
  },
  policy: {
    full: {
      id: 'b2',
      type: 'policy.backup.machine',
      name: 'Backup',
      parent_ids: ['b1'],
      enabled: true,
      tenant_id: '1415032',
      template: false,
      created_at: time,
      updated_at: time,
      settings_schema: '2.0',
      settings: 'opaque',
    },
    needed: ['id', 'type', 'parent_ids.0'],
    decisive: ['parent_ids'],
  },
  newPlan: {
    full: { result: ['b1@policy.protection.total'], issues: [{ code: 'PolicyHasUnsupportedSourceType' }] },
    needed: ['result', 'result.0'],
    partOf: { 'issues.0.code': 'issues.0' },
  },
  issues: {
    full: { issues: [{ code: 'PolicyHasUnsupportedSourceType' }] },
    partOf: { issues: ALONE, 'issues.0': ALONE, 'issues.0.code': ALONE },
  },
  planApplication: {
    full: {
      id: USER_ID,
      policy: { id: 'b1', name: 'Workstations', type: 'policy.protection.total', parent_ids: ['b0'] },
      context: { id: 'machine-1', type: 'resource.machine' },
      enabled: true,
      status: 'ok',
      running: { state: 'idle' },
      last_runtime: time,
      next_run_time: time,
    },
    needed: ['policy', 'policy.id', 'policy.parent_ids.0', 'context', 'context.id'],
    decisive: ['policy.parent_ids', 'running', 'running.state', 'last_runtime'],
  },
  task: { full: work, needed: ['id'] },
  taskActivity: {
    full: { ...work, taskId: 732, taskIdString: '732', parentActivityId: 733 },
    needed: ['id'],
  },
  alert: {
    full: {
      id: 'alert-1',
      type: 'BackupFailed',
      severity: 'error',
      category: 'Backup',
      tenant: { id: '1415032' },
      details: { planName: 'Workstations' },
      createdAt: time,
      updatedAt: time,
      deletedAt: time,
    },
    needed: ['id'],
  },
} satisfies Record<string, Described>;
