import { ALONE, TIME as time, type Described } from './described.js';
import { USER_ID } from './stand-in.js';

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

export const machines = {
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
