import { noQuota } from './catalogue.js';
import { checkLock } from './checks.js';
import type { Item, Tenant } from './entities.js';
import { badRequest, Refusal } from './errors.js';
import { idOf, ok, required, route, type Call, type Json } from './router.js';
import { switchOff, itemsAvailableToChild, itemsOf } from './tenant-items.js';
import { now, type World } from './world.js';

const USUAL_WARNINGS = ['NewFeaturesBecomeAvailable', 'AllDevicesWithBackupsPreserved'];

/** Which items a switch removes and which replace them. Refused if the parent has no item of the edition. */
function planSwitch(
  world: World,
  { id, parent_id, kind }: Tenant,
  wanted: Json,
): { removed: Item[]; replacements: Item[] } {
  const target = required(wanted, 'target_edition');
  const application = required(wanted, 'application_id');
  const mine = itemsOf(world, id).filter((row) => row.application_id === application && row.edition !== null);
  const removed = mine.filter((row) => row.status === 1 && row.edition !== target);
  const offered = itemsAvailableToChild(world, parent_id, kind).filter(
    (row) => row.application_id === application && row.edition === target,
  );
  if (offered.length === 0) {
    const items = removed.map(({ application_id, name }) => ({ application_id, name }));
    throw new Refusal(400, 1021, `edition ${target} is not available`, { items });
  }
  const counted = new Set(removed.map(({ usage_name }) => usage_name));
  const replacements = offered.filter(({ usage_name }) => counted.has(usage_name));
  return { removed, replacements: oneStorageEach(replacements, removed) };
}

/** If there are several storages for one usage, the current one stays, or else the first one is chosen. */
function oneStorageEach(replacements: readonly Item[], removed: readonly Item[]): Item[] {
  const present = new Set(removed.map(({ infra_id }) => infra_id));
  return replacements.filter(({ type, usage_name, infra_id }) => {
    const rivals = replacements.filter((row) => row.type === 'infra' && row.usage_name === usage_name);
    const chosen = rivals.find((row) => present.has(row.infra_id)) ?? rivals[0];
    return type !== 'infra' || infra_id === chosen?.infra_id;
  });
}

function dryRun(call: Call) {
  const { world, query, caller } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  const { removed } = planSwitch(world, tenant, Object.fromEntries(query));
  const warnings = world.editionWarnings.get(query.get('target_edition') ?? '') ?? USUAL_WARNINGS;
  return ok({ warnings: removed.length === 0 ? [] : warnings });
}

/** Replaces each item of another edition by its counterpart, with the same quota. A repeat changes nothing. */
function switchEdition(call: Call) {
  const { world, body, caller } = call;
  const tenant = world.visibleTenant(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  if (tenant.owner_id !== null) throw badRequest('not applicable to a personal tenant', 1027);
  const { removed, replacements } = planSwitch(world, tenant, body);
  const quotas = new Map(removed.map((row) => [row.usage_name, row.quota]));
  for (const row of removed) switchOff(row);
  tenant.updated_at = now();
  for (const offer of replacements) switchOn(world, tenant, offer, quotas.get(offer.usage_name));
  return ok({ items: itemsOf(world, tenant.id).filter((row) => row.status === 1), warnings: [] });
}

function switchOn(world: World, { id }: Tenant, { quota: limits, ...offer }: Item, before: Item['quota']): void {
  const rows = itemsOf(world, id);
  const at = rows.findIndex((row) => row.name === offer.name && row.infra_id === offer.infra_id);
  const version = before === undefined || before.value === null ? 0 : world.timestamp();
  const quota = limits === undefined ? {} : { quota: { ...noQuota(), ...before, version } };
  rows.splice(at === -1 ? rows.length : at, at === -1 ? 0 : 1, {
    ...offer,
    tenant_id: id,
    status: 1,
    updated_at: now(),
    ...quota,
  });
}

export const editionRoutes = [
  route('GET /tenants/{id}/edition', dryRun),
  route('PUT /tenants/{id}/edition', switchEdition),
];
