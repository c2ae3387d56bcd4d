import type { InProcessSimulator } from '../../simulator/index.js';

/** Everything in a world, by labels that are the same in every world in which the same was done. */
export type Snapshot = Readonly<Record<string, unknown>>;

type World = InProcessSimulator['memory'];
type Fields = Record<string, unknown>;

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const time = /^\d{4}-\d\d-\d\dT/;

/** Short-lived secrets and internal indexes, which snapshots leave out. */
const inner = new Set([
  'tokens',
  'oneTimeTokens',
  'sessions',
  'registrationTokens',
  'below',
  'numbers',
  'takenPolicies',
]);
const volatile =
  /^(id|version|numericId|hiddenReads|expiresOn|secret|client_id|personal_tenant_id|production_start_date|activated|password|running|lastRun|lastSuccess|lastResult)$|_at$/;

/**
 * A snapshot of a world, without deleted objects and those with these ids. Names replace ids; times and versions are
 * left out. A tenant that somebody has renamed stands under its former name, if that is given.
 */
export function snapshot(
  world: World,
  left: ReadonlySet<unknown> = new Set(),
  formerNames: ReadonlyMap<string, string> = new Map(),
): Snapshot {
  const { names: present, gone: deleted } = nameAll(world);
  const names = new Map([...present].map(([id, name]) => [id, formerNames.get(id) ?? name]));
  const gone = new Set<unknown>([...deleted, ...left, ...installedByOthers(world)]);
  const things: Fields = {};
  for (const [kind, all] of Object.entries(world) as [string, unknown][]) {
    if (!(all instanceof Map) || inner.has(kind)) continue;
    for (const [id, thing] of all as Map<string, unknown>) {
      const drawn = gone.has(id) || isDeleted(thing) ? undefined : normalise(thing, names);
      const name = names.get(id);
      if (isEmpty(drawn)) continue;
      if (name !== undefined) things[`${kind} ${name}`] = drawn;
      else ((things[`${kind} in ${ownerOf(drawn)}`] ??= []) as unknown[]).push(drawn);
    }
  }
  for (const { login, userId } of world.mails) if (!gone.has(userId)) things[`mail to ${login}`] = true;
  return Object.fromEntries(Object.entries(things).map(([label, thing]) => [label, sorted(thing)]));
}

/** One object by itself: what stays of it while nobody changes it. */
export function lastingFields(thing: unknown): unknown {
  return normalise(thing, new Map());
}

/** Labels whose objects differ. */
export function differences(one: Snapshot, other: Snapshot): string[] {
  const labels = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return labels.filter((label) => JSON.stringify(one[label]) !== JSON.stringify(other[label]));
}

/** Wanted fields that are missing or differ. Other fields do not count. */
export function missingFields(wanted: unknown, there: unknown, at = ''): string[] {
  if (typeof wanted !== 'object' || wanted === null) return wanted === there ? [] : [`${at} is ${text(there)}`];
  const found = (there ?? {}) as Fields;
  if (Array.isArray(wanted) && wanted.length !== (Array.isArray(there) ? there.length : -1))
    return [`${at} is ${text(there)}`];
  return Object.entries(wanted).flatMap(([name, value]) => missingFields(value, found[name], `${at}/${name}`));
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'missing';
}

function nameAll(world: World) {
  const names = new Map<string, string>();
  const gone = new Set<string>();
  for (const { id, name, deleted_at } of world.tenants.values())
    if (deleted_at === null) names.set(id, name);
    else gone.add(id);
  for (const { id, login, deleted_at } of world.users.values())
    if (deleted_at === null) names.set(id, login);
    else gone.add(id);
  return { names, gone };
}

/** Machines that come by themselves, whatever a run does. */
function installedByOthers({ machineLives, resources }: World): string[] {
  const agents = machineLives.flatMap(({ agentId }) => agentId ?? []);
  const machines = [...resources.values()].filter(({ agent_id }) => agents.includes(agent_id ?? ''));
  return [...agents, ...machines.map(({ id }) => id)];
}

/** The tenant of an object without a name. */
function ownerOf(drawn: unknown): string {
  const { tenant_id, tenantId } = drawn as { tenant_id?: string; tenantId?: string };
  return tenant_id ?? tenantId ?? 'the cloud';
}

function normalise(thing: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof thing === 'string') return names.get(thing) ?? unspecific(thing);
  if (thing instanceof Map) return normalise(Object.fromEntries(thing), names);
  if (Array.isArray(thing)) return sorted(thing.filter((one) => !isOff(one)).map((one) => normalise(one, names)));
  if (typeof thing !== 'object' || thing === null) return thing;
  const kept = Object.entries(thing).filter(([name, value]) => !volatile.test(name) && value !== null);
  return Object.fromEntries(
    kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, normalise(value, names)]),
  );
}

function isDeleted(thing: unknown): boolean {
  const { deleted, deleted_at } = (thing ?? {}) as { deleted?: unknown; deleted_at?: unknown };
  return deleted === true || typeof deleted_at === 'string';
}

/** An offering item that is off counts as missing. */
function isOff(one: unknown): boolean {
  const { status, usage_name } = (one ?? {}) as { status?: unknown; usage_name?: unknown };
  return status === 0 && usage_name !== undefined;
}

function unspecific(text: string): string {
  if (uuid.test(text)) return '(an id)';
  return time.test(text) ? '(a time)' : text;
}

function sorted(thing: unknown): unknown {
  if (!Array.isArray(thing)) return thing;
  return (thing as unknown[])
    .map((one) => [JSON.stringify(one), one] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}

function isEmpty(drawn: unknown): boolean {
  return drawn === undefined || drawn === null || (Array.isArray(drawn) && drawn.length === 0);
}
