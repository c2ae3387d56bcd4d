import { applications, servicesOf } from './applications.js';
import { idOf, ok, route, type Call } from './router.js';

interface Role {
  /** The kinds of tenants in which a user may have it. */
  kinds: readonly string[];
  /** A user may have one role of a service. */
  service: string;
  /** Given to users who are no administrators. */
  isDefault?: boolean;
}

const company = ['customer', 'unit'];
const withPartners = ['partner', ...company];

export const roles: Record<string, Role> = {
  root_admin: { kinds: ['root'], service: 'platform' },
  partner_admin: { kinds: ['partner', 'folder'], service: 'platform' },
  company_admin: { kinds: ['customer'], service: 'platform' },
  unit_admin: { kinds: ['unit'], service: 'platform' },
  readonly_admin: { kinds: ['root', 'partner', 'folder', 'customer', 'unit'], service: 'platform' },
  protection_admin: { kinds: withPartners, service: 'backup' },
  protection_ro_admin: { kinds: withPartners, service: 'backup' },
  cyber_admin: { kinds: withPartners, service: 'backup' },
  restore_operator: { kinds: company, service: 'backup' },
  backup_user: { kinds: company, service: 'backup', isDefault: true },
  security_analyst: { kinds: company, service: 'backup' },
  sync_share_admin: { kinds: company, service: 'files_cloud' },
  sync_share_user: { kinds: company, service: 'files_cloud', isDefault: true },
  sync_share_guest: { kinds: company, service: 'files_cloud' },
  notary_admin: { kinds: company, service: 'notary' },
  notary_user: { kinds: company, service: 'notary', isDefault: true },
  hci_admin: { kinds: ['partner', 'folder'], service: 'hci' },
};

/** The roles that a user of a tenant may have: those of its services that fit its kind. */
function list(call: Call) {
  const { world, caller } = call;
  const { id, kind } = world.visibleTenant(idOf(call), caller.tenantId);
  const on = new Set(servicesOf(world, id));
  const items = applications
    .filter((service) => on.has(service.id))
    .flatMap((service) =>
      Object.entries(roles)
        .filter(([, { kinds, service: type }]) => type === service.type && kinds.includes(kind))
        .map(([role, { isDefault = false }]) => ({ application_id: service.id, role, is_default: isDefault })),
    );
  return ok({ items });
}

export const roleRoutes = [route('GET /tenants/{id}/applications/roles', list)];
