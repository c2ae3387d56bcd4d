import type { Item } from './entities.js';
import { now } from './world.js';

export const BACKUP_APPLICATION = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
export const FILES_APPLICATION = 'dfd85a5f-a464-32ab-81fd-99bcc66a070f';
export const PLATFORM_APPLICATION = '7459244f-68f3-3bf4-9f53-5f63ecc1d91f';

/** The disaster-recovery storage that the vendor's own scripts skip. */
export const GOOGLE_DR_INFRA = 'ba2976d0-c13e-4661-ae60-b4593583fce2';
export const ORDINARY_INFRA = '5b0c9f52-1f0e-4b55-9b0e-1f2d3c4b5a69';
const DR_SITE = '2d67488d-f8b5-4733-a531';
const STORAGE = '5b0c9f52-1f0e-4b55-9b0e';
const PARTNER_INFRA = `${STORAGE}-000000000099`;
const FILES_INFRA = `${STORAGE}-000000000098`;

const fileStorage = /-0{10}7\d$/;

/** Name and purpose of a storage. */
export function infraById(id: string): { id: string; name: string; capability: string } {
  if (id === GOOGLE_DR_INFRA) return { id, name: 'Google DR', capability: 'disaster_recovery' };
  if (id.startsWith(DR_SITE)) return { id, name: 'Another DR site', capability: 'disaster_recovery' };
  if (id === FILES_INFRA) return { id, name: 'File storage', capability: 'files_cloud' };
  if (fileStorage.test(id)) return { id, name: 'File storage', capability: 'files_cloud' };
  return { id, name: id === PARTNER_INFRA ? 'Storage for partners' : 'Backup storage', capability: 'backup' };
}

/** Only partners and folders get items on these storages, never a customer. */
export const isForPartnersOnly = ({ infra_id }: Item): boolean => infra_id === PARTNER_INFRA;

const counts = ['workstations', 'servers', 'vms', 'mobiles', 'o365_seats'];

/** How many storages of each kind there are. */
export interface StorageCounts {
  storages?: number;
  drSites?: number;
  fileStorages?: number;
}

/** Every item that exists, switched on for the root partner. */
export function catalogue(
  tenantId: string,
  { storages = 1, drSites = 1, fileStorages = 1 }: StorageCounts = {},
): Item[] {
  const sites = [GOOGLE_DR_INFRA, ...numbered(DR_SITE, 2, drSites - 1)];
  const places = { storages: [ORDINARY_INFRA, ...numbered(STORAGE, 2, storages - 1)], sites };
  const forPartners = { ...places, storages: [...places.storages, PARTNER_INFRA] };
  const fileInfras = [FILES_INFRA, ...numbered(STORAGE, 70, fileStorages - 1)];
  const rows = [
    ...protection('standard', '', forPartners),
    ...protection('pck_per_gigabyte', 'pg_base_', places),
    ...protection('pck_per_workload', 'pw_base_', places),
    ...files('fss_per_gigabyte', 'pg_base_', fileInfras),
    ...files('fss_per_user', 'pu_base_', fileInfras),
    item(BACKUP_APPLICATION, null, '', 'local_storage', 'bytes'),
  ];
  return rows.map((row) => ({ ...row, tenant_id: tenantId }));
}

/** More storages of one kind, with consecutive numbers. */
function numbered(kind: string, from: number, count: number): string[] {
  return Array.from({ length: count }, (_none, at) => `${kind}-${String(at + from).padStart(12, '0')}`);
}

interface OfProtection {
  storages: readonly string[];
  sites: readonly string[];
}

function protection(edition: string, prefix: string, { storages, sites }: OfProtection): Item[] {
  const application = BACKUP_APPLICATION;
  // every site has all items of its service
  const more = sites.length === 1 ? [] : sites;
  return [
    ...counts.map((usage) => item(application, edition, prefix, usage, 'quantity')),
    ...storages.map((infra) => item(application, edition, prefix, 'storage', 'bytes', infra)),
    ...sites.map((infra) => item(application, edition, prefix, 'dr_storage', 'bytes', infra)),
    ...sites.map((infra) => item(application, edition, prefix, 'dr_internet_access', 'n/a', infra)),
    ...more.map((infra) => item(application, edition, prefix, 'compute_points', 'seconds', infra)),
    item(application, edition, prefix, 'device_control', 'n/a'),
  ];
}

function files(edition: string, prefix: string, infras: readonly string[]): Item[] {
  return [
    item(FILES_APPLICATION, edition, prefix, 'fc_seats', 'quantity'),
    ...infras.map((infra) => item(FILES_APPLICATION, edition, prefix, 'fc_storage', 'bytes', infra)),
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

/** The quota of an item that has no limit yet. */
export const noQuota = () => ({ value: null, overage: null, version: 0 });
