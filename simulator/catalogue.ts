import type { Item } from './entities.js';
import { now } from './world.js';

export const BACKUP_APPLICATION = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
export const FILES_APPLICATION = 'dfd85a5f-a464-32ab-81fd-99bcc66a070f';
export const PLATFORM_APPLICATION = '7459244f-68f3-3bf4-9f53-5f63ecc1d91f';

/** The disaster-recovery storage that the vendor's own scripts leave out. */
export const GOOGLE_DR_INFRA = 'ba2976d0-c13e-4661-ae60-b4593583fce2';
export const ORDINARY_INFRA = '5b0c9f52-1f0e-4b55-9b0e-1f2d3c4b5a69';
const DR_SITE = '2d67488d-f8b5-4733-a531';
const PARTNER_INFRA = storageNumber(99);
const FILES_INFRA = storageNumber(98);

/** Where data may lie: what a storage is called and what it is for. */
export function infraOf(id: string): { id: string; name: string; capability: string } {
  if (id === GOOGLE_DR_INFRA) return { id, name: 'Google DR', capability: 'disaster_recovery' };
  if (id.startsWith(DR_SITE)) return { id, name: 'Another DR site', capability: 'disaster_recovery' };
  if (id === FILES_INFRA) return { id, name: 'File storage', capability: 'files_cloud' };
  return { id, name: id === PARTNER_INFRA ? 'Storage for partners' : 'Backup storage', capability: 'backup' };
}

/** Items on these storages are given to partners and folders, never to a customer. */
export const isForPartnersOnly = ({ infra_id }: Item): boolean => infra_id === PARTNER_INFRA;

const counts = ['workstations', 'servers', 'vms', 'mobiles', 'o365_seats'];

const protectionEditions = ['standard', 'pck_per_gigabyte', 'pck_per_workload'];

/** Every item there is, switched on for the partner at the top. */
export function catalogue(tenantId: string, storages: number, drSites = 1): Item[] {
  const ordinary = [ORDINARY_INFRA, ...Array.from({ length: storages - 1 }, (_none, at) => storageNumber(at + 2))];
  const more = Array.from({ length: drSites - 1 }, (_none, at) => `${DR_SITE}-${String(at + 2).padStart(12, '0')}`);
  const rows = [
    ...['', 'pg_base_', 'pw_base_'].flatMap((prefix, at) => recovery(protectionEditions[at]!, prefix, more)),
    ...protection('standard', '', [...ordinary, PARTNER_INFRA]),
    ...protection('pck_per_gigabyte', 'pg_base_', ordinary),
    ...protection('pck_per_workload', 'pw_base_', ordinary),
    ...files('fss_per_gigabyte', 'pg_base_'),
    ...files('fss_per_user', 'pu_base_'),
    item(BACKUP_APPLICATION, null, '', 'local_storage', 'bytes'),
  ];
  return rows.map((row) => ({ ...row, tenant_id: tenantId }));
}

function protection(edition: string, prefix: string, storages: readonly string[]): Item[] {
  const application = BACKUP_APPLICATION;
  return [
    ...counts.map((usage) => item(application, edition, prefix, usage, 'quantity')),
    ...storages.map((infra) => item(application, edition, prefix, 'storage', 'bytes', infra)),
    item(application, edition, prefix, 'dr_storage', 'bytes', GOOGLE_DR_INFRA),
    item(application, edition, prefix, 'dr_internet_access', 'n/a', GOOGLE_DR_INFRA),
    item(application, edition, prefix, 'device_control', 'n/a'),
  ];
}

/** Disaster recovery on further sites; where there are several, each counts compute points. */
function recovery(edition: string, prefix: string, sites: readonly string[]): Item[] {
  const application = BACKUP_APPLICATION;
  const counted = sites.length === 0 ? [] : [GOOGLE_DR_INFRA, ...sites];
  return [
    ...sites.map((site) => item(application, edition, prefix, 'dr_storage', 'bytes', site)),
    ...sites.map((site) => item(application, edition, prefix, 'dr_internet_access', 'n/a', site)),
    ...counted.map((site) => item(application, edition, prefix, 'compute_points', 'seconds', site)),
  ];
}

function files(edition: string, prefix: string): Item[] {
  return [
    item(FILES_APPLICATION, edition, prefix, 'fc_seats', 'quantity'),
    item(FILES_APPLICATION, edition, prefix, 'fc_storage', 'bytes', FILES_INFRA),
  ];
}

function item(
  application_id: string,
  edition: string | null,
  prefix: string,
  usage: string,
  unit: string,
  infra?: string,
): Item {
  const type = unit === 'n/a' ? 'feature' : infra === undefined ? 'count' : 'infra';
  const quota = type === 'feature' ? {} : { quota: noQuota() };
  return {
    application_id,
    name: `${prefix}${usage}`,
    usage_name: usage,
    edition,
    tenant_id: '',
    updated_at: now(),
    deleted_at: null,
    status: 1,
    locked: false,
    type,
    measurement_unit: unit,
    ...(infra === undefined ? {} : { infra_id: infra }),
    ...quota,
  };
}

/** No limit, as it is stored before anybody sets one. */
export const noQuota = () => ({ value: null, overage: null, version: 0 });

function storageNumber(at: number): string {
  return `5b0c9f52-1f0e-4b55-9b0e-${String(at).padStart(12, '0')}`;
}
