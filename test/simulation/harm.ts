import type { EndedRun } from './find-problems.js';
import { fieldsOf, isSame, isThere, lookAt } from './strangers.js';
import { snapshot, type Snapshot } from './snapshot.js';

type World = EndedRun['memory'];

/** A world when a run starts: everything in it, the tenants that somebody can use, and the name of each tenant by id. */
export function lookAround(world: World): Pick<EndedRun, 'before' | 'tenantsInUse' | 'formerNames'> {
  const all = [...world.tenants.values()];
  const inUse = all.filter(({ deleted_at, enabled, owner_id }) => deleted_at === null && enabled && owner_id === null);
  return {
    before: snapshot(world),
    tenantsInUse: new Set(inUse.map(({ id }) => id)),
    formerNames: new Map(all.map(({ id, name }) => [id, name])),
  };
}

/** What a run has harmed: tenants in use, and what other people have created or set. */
export function findHarm(ended: EndedRun): string[] {
  return [
    ...endedTenants(ended),
    ...lostBelongings(ended),
    ...changedBelongings(ended),
    ...changedAccounts(ended),
    ...revertedSettings(ended),
  ];
}

/** No tenant in use is deleted or disabled, except the one that the order ends, with those below it. */
function endedTenants({ memory, tenantsInUse, strangers, subject, status }: EndedRun): string[] {
  const { removes = false, switchesOff = removes } = subject.model;
  const homes = strangers.belongings.flatMap(({ id }) => memory.users.get(String(id))?.tenant_id ?? []);
  const isOrdered = (id: string) => switchesOff && isWithin(memory.tenants, id, status.tenantId);
  const ended = [...new Set([...tenantsInUse, ...homes])].filter((id) => {
    const { deleted_at, enabled } = memory.tenants.get(id)!;
    return (deleted_at !== null || !enabled) && !strangers.switched.has(id) && !isOrdered(id);
  });
  return ended.map((id) => `the tenant ${memory.tenants.get(id)!.name}, in which people live, was deleted or disabled`);
}

/** Whether a tenant is this one, or below it. The root is its own parent. */
function isWithin(tenants: World['tenants'], id: string, top: string | undefined): boolean {
  const parent = tenants.get(id)?.parent_id ?? id;
  return id === top || (parent !== id && isWithin(tenants, parent, top));
}

function lostBelongings({ memory, strangers, subject }: EndedRun): string[] {
  if (subject.model.removes) return [];
  const gone = strangers.belongings.filter((one) => !isThere(memory, one));
  return gone.map(({ name }) => `what somebody else made is gone: ${name}`);
}

/** What nobody changes but its owner: a report, a token or an assignment also changes by itself. */
const lasting = new Set(['tenants', 'users', 'clients', 'resources']);

/** What somebody else has created is not disabled, renamed or changed otherwise. */
function changedBelongings({ memory, strangers, subject }: EndedRun): string[] {
  if (subject.model.removes) return [];
  const there = strangers.belongings.filter((one) => lasting.has(one.kind) && isThere(memory, one));
  return there.flatMap((one) => {
    const [left, now] = [fieldsOf(one.left), fieldsOf(lookAt(memory, one))];
    const names = [...new Set([...Object.keys(left), ...Object.keys(now)])];
    const changed = names.filter((name) => !isSame(left[name], now[name]));
    return changed.map((name) => `what somebody else made was changed: ${name} of ${one.name}`);
  });
}

/** A user that somebody else has created keeps its roles, and the run sets no password for it. */
function changedAccounts({ memory, strangers, subject }: EndedRun): string[] {
  if (subject.model.removes) return [];
  const there = strangers.accounts.filter(({ id }) => memory.users.get(id)?.deleted_at === null);
  return there.flatMap(({ id, role }) => {
    const { login, password } = memory.users.get(id)!;
    const holds = memory.policies.get(id)?.some(({ role_id }) => role_id === role) === true;
    const lost = holds ? [] : [`a user of somebody else has lost a role: ${login}`];
    return password === null ? lost : [...lost, `a user of somebody else has got a password: ${login}`];
  });
}

/** A world without the roles that others have given to their own users. */
export function withoutTheirRoles(world: Snapshot, { memory, strangers }: EndedRun): Snapshot {
  const others = Object.entries(world).flatMap(([label, thing]) => {
    const account = strangers.accounts.find(({ id }) => label === `policies ${memory.users.get(id)?.login}`);
    if (account === undefined) return [[label, thing] as const];
    const rest = (thing as { role_id: string }[]).filter(({ role_id }) => role_id !== account.role);
    return rest.length === 0 ? [] : [[label, rest] as const];
  });
  return Object.fromEntries(others);
}

/** A setting of somebody else stays, unless the run has changed the same object. */
function revertedSettings({ before, after, strangers, status, mayHaveChanged }: EndedRun): string[] {
  if (status.state === 'completed') return [];
  const theirs = strangers.settings.filter(({ path, label }) => label in before && !mayHaveChanged(path));
  const last = new Map(theirs.map((setting) => [`${setting.label} ${setting.field}`, setting]));
  const gone = [...last.values()].filter(
    ({ label, field, value }) => label in after && !isSame(fieldsOf(after[label])[field], value),
  );
  return gone.map(({ label, field }) => `what somebody else has set was taken back: ${field} of ${label}`);
}

/** What strangers have set, also under the names that the run has given to their objects since. */
export function settingsByNamesNow({ strangers, formerNames, memory }: EndedRun): EndedRun['strangers']['settings'] {
  const renamed = [...formerNames].flatMap(([id, former]) => {
    const { name = former } = memory.tenants.get(id) ?? {};
    return name === former ? [] : [{ former, name }];
  });
  return strangers.settings.flatMap((setting) => [
    setting,
    ...renamed
      .filter(({ former }) => setting.label.endsWith(` ${former}`))
      .map(({ former, name }) => ({ ...setting, label: `${setting.label.slice(0, -former.length)}${name}` })),
  ]);
}

/** A world in which the settings of others count as expected. */
export function withOthersSettings(
  world: Snapshot,
  wanted: Snapshot,
  { settings }: Pick<EndedRun['strangers'], 'settings'>,
): Snapshot {
  const changed: Record<string, unknown> = { ...world };
  for (const { label, field, value } of settings) {
    const [there, right] = [changed[label], wanted[label]];
    if (there === undefined || right === undefined || !isSame(fieldsOf(there)[field], value)) continue;
    const now: unknown = fieldsOf(right)[field];
    changed[label] = field === '' ? now : inOrder({ ...fieldsOf(there), [field]: now });
  }
  return changed;
}

function inOrder(fields: Record<string, unknown>): object {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Results of a completed run that nobody could use. */
export function unusableResults({ memory, status, subject, strangers, before }: EndedRun): string[] {
  const { removes = false, switchesOff = removes } = subject.model;
  if (status.state !== 'completed' || switchesOff) return [];
  const { tenantId, userId, steps } = status;
  const skipped = steps.some(({ state }) => state === 'skipped');
  const [tenant, user] = [memory.tenants.get(tenantId ?? ''), memory.users.get(userId ?? '')];
  const problems: string[] = [];
  const adopted = (step: string) => steps.some(({ name, state }) => name === step && state === 'adopted');
  if (
    user &&
    adopted('sendActivationEmail') &&
    !user.activated &&
    !memory.mails.some((mail) => mail.userId === user.id)
  )
    problems.push('its user was never invited');
  if (user && adopted('setPassword') && !user.activated) problems.push('its user has no password');
  if (tenantId && (tenant === undefined || tenant.deleted_at !== null)) problems.push('its tenant is not there');
  else if (tenant && !tenant.enabled && !strangers.switched.has(tenant.id)) problems.push('its tenant is switched off');
  if (tenant && isOurs(tenant) && !skipped && !hasItems(memory, tenant.id)) problems.push('its tenant has no item');
  if (user && (!user.enabled || user.deleted_at !== null)) problems.push('its user cannot log in');
  if (user && !(`users ${user.login}` in before) && !skipped && !memory.policies.get(user.id)?.length)
    problems.push('its user has no role');
  return problems.map((problem) => `the run has completed and ${problem}`);
}

const isOurs = ({ internal_tag }: { internal_tag: string | null }) => internal_tag?.startsWith('tenantry:') === true;

function hasItems({ items }: World, tenantId: string): boolean {
  return items.get(tenantId)?.some(({ status }) => status === 1) === true;
}

/** The form of a file: its header, and the number of values in each line. */
export function fileShape(text: string): string {
  const [head = '', ...rows] = text.trimEnd().split(/\r?\n/);
  return JSON.stringify([head, ...rows.map((row) => row.split(',').length)]);
}
