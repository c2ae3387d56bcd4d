import { noQuota } from './catalogue.js';
import { checkLock } from './checks.js';
import type { Item, Tenant } from './entities.js';
import { badRequest, Refusal } from './errors.js';
import { idOf, ok, required, route, type Call, type Json } from './router.js';
import { switchOff, itemsGivenTo, rowsOf } from './tenant-items.js';
import { now, type World } from './world.js';

const USUAL_WARNINGS = ['NewFeaturesBecomeAvailable', 'AllDevicesWithBackupsPreserved'];

/** What a switch would do: these items go, and these come in their place. Refused where the parent has nothing of the edition. */
function planSwitch(world: World, { id, parent_id, kind }: Tenant, wanted: Json): { gone: Item[]; next: Item[] } {
  const target = required(wanted, 'target_edition');
  const application = required(wanted, 'application_id');
  const mine = rowsOf(world, id).filter((row) => row.application_id === application && row.edition !== null);
  const gone = mine.filter((row) => row.status === 1 && row.edition !== target);
  const offered = itemsGivenTo(world, parent_id, kind).filter(
    (row) => row.application_id === application && row.edition === target,
  );
  if (offered.length === 0) {
    const items = gone.map(({ application_id, name }) => ({ application_id, name }));
    throw new Refusal(400, 1021, `edition ${target} is not available`, { items });
  }
  const counted = new Set(gone.map(({ usage_name }) => usage_name));
  const next = offered.filter(({ usage_name }) => counted.has(usage_name));
  return { gone, next: oneStorageEach(next, gone) };
}

/** Of several storages for one usage the present one is kept, else the first is taken. */
function oneStorageEach(next: readonly Item[], gone: readonly Item[]): Item[] {
  const present = new Set(gone.map(({ infra_id }) => infra_id));
  return next.filter(({ type, usage_name, infra_id }) => {
    const rivals = next.filter((row) => row.type === 'infra' && row.usage_name === usage_name);
    const chosen = rivals.find((row) => present.has(row.infra_id)) ?? rivals[0];
    return type !== 'infra' || infra_id === chosen?.infra_id;
  });
}

function dryRun(call: Call) {
  const { world, query, caller } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  const { gone } = planSwitch(world, tenant, Object.fromEntries(query));
  const told = world.editionWarnings.get(query.get('target_edition') ?? '') ?? USUAL_WARNINGS;
  return ok({ warnings: gone.length === 0 ? [] : told });
}

/** Puts each item of another edition off and its counterpart on, with the same quota. Repeating it changes nothing. */
function switchEdition(call: Call) {
  const { world, body, caller } = call;
  const tenant = world.reach(idOf(call), caller.tenantId);
  checkLock(tenant, caller.tenantId);
  if (tenant.owner_id !== null) throw badRequest('not applicable to a personal tenant', 1027);
  const { gone, next } = planSwitch(world, tenant, body);
  const quotas = new Map(gone.map((row) => [row.usage_name, row.quota]));
  for (const row of gone) switchOff(row);
  for (const offer of next) switchOn(world, tenant, offer, quotas.get(offer.usage_name));
  return ok({ items: rowsOf(world, tenant.id).filter((row) => row.status === 1), warnings: [] });
}

function switchOn(world: World, { id }: Tenant, { quota: limits, ...offer }: Item, before: Item['quota']): void {
  const rows = rowsOf(world, id);
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
