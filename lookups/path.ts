import { isSameId } from '../contract/ids.js';
import { isAcronisError, type Acronis, type AcronisErrorKind, type Tenant } from '../acronis/index.js';
import { lookup, type LookUpScope } from './lookup.js';

/** So many tenants are read at a time. */
const AT_ONCE = 8;
/** No tree of the vendor is so deep: a longer way up is a circle. */
const DEEPEST = 64;

interface PathFilter {
  /** The ids of tenants, instead of the one tenant; deleted ones, too. */
  ids?: readonly string[];
}

/** A tenant, and those above it, our root first. */
interface PlacedTenant {
  tenant: Tenant;
  above: readonly Tenant[];
}

type Read = (id: string) => Promise<Tenant | undefined>;

async function* list(
  { acronis, tenant }: LookUpScope,
  { ids = [tenant.id] }: PathFilter,
): AsyncGenerator<PlacedTenant> {
  const rootId = await acronis.rootTenantId();
  const read = readEachOnce(acronis, tenant);
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE).map(async (id) => await placeOf(id, rootId, read));
    yield* (await Promise.all(some)).filter((one) => one !== undefined);
  }
}

/**
 * Where tenants lie: all that is above each, up to our root. A tenant that this client cannot see, or that does not lie at
 * or below our root, has no row.
 */
export const path = lookup(list, {
  name: ({ tenant }) => tenant.name,
  kind: ({ tenant }) => tenant.kind,
  customerId: ({ tenant }) => tenant.customer_id,
  id: ({ tenant }) => tenant.id,
  /** Names of the tenants above it, our root first. */
  path: ({ above }) => above.map(({ name }) => name),
  /** Their ids. */
  parentIds: ({ above }) => above.map(({ id }) => id),
});

async function placeOf(id: string, rootId: string, read: Read): Promise<PlacedTenant | undefined> {
  const above: Tenant[] = [];
  const tenant = await read(id);
  for (let top = tenant; top !== undefined && above.length < DEEPEST;) {
    if (isSameId(top.id, rootId)) return { tenant: tenant!, above };
    top = await read(top.parent_id);
    if (top !== undefined) above.unshift(top);
  }
  return undefined;
}

/** Reads each tenant once, however many lie below it. */
function readEachOnce(acronis: Acronis, known: Tenant): Read {
  const readings = new Map<string, Promise<Tenant | undefined>>([[known.id, Promise.resolve(known)]]);
  return async (id) => {
    const reading = readings.get(id) ?? acronis.tenants.get(id, { allowDeleted: true }).catch(unlessAway);
    readings.set(id, reading);
    return await reading;
  };
}

/** One tenant that cannot be read hides no others. */
function unlessAway(error: unknown): undefined {
  if (!isAcronisError(error) || away.has(error.kind)) throw error;
}

const away: ReadonlySet<AcronisErrorKind> = new Set(['unavailable', 'throttled', 'credentials']);
