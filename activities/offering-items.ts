import { isAcronisError, type Acronis, type OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Leftover } from '../contract/status.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { agentsIn } from './agents-in.js';
import { changesBetween, hasQuota, holds, rowOf, switchOn } from './item-changes.js';
import { takenBackOr } from './looking-again.js';
import { choose, wholesale, type Choice, type WantedItem, type Wish } from './offer.js';

interface OfferSpec extends Wish {
  cloud: string;
  parentTenantId: string | undefined;
}

interface WholesaleSpec {
  cloud: string;
  parentTenantId: string | undefined;
  /** Absent: all of them. */
  edition: string | undefined;
}

interface ItemsSpec {
  cloud: string;
  tenantId: string;
  items: WantedItem[];
  /** True when an earlier run may have switched items on already. */
  look: boolean;
}

export function createOfferingItemActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds what the parent can give of what was asked for, and who the parent is. Changes nothing. Fails with `Tenantry.NotOffered`,
     * naming every item, quota and storage that does not fit.
     */
    findOfferingItems: activity(dependencies, patience.look, findOfferingItems),
    /** Finds what the parent can give to a partner, and who the parent is. Changes nothing. Fails as above. */
    findPartnerItems: activity(dependencies, patience.look, findPartnerItems),
    /**
     * Makes sure that the tenant has these items with these quotas. Safe to repeat: any try but the first reads what is there, sends
     * quotas with their present version, and sends nothing when all is so already.
     */
    applyOfferingItems: activity(dependencies, patience.change, applyOfferingItems),
    /**
     * Switches items off that this run has switched on. What is in use by now stays on and is named, and so does what somebody has given another
     * quota; all of it where an agent is in the tenant, or may be, because usage is counted late. After a lost answer all of it, unless each item is on:
     * items are switched on all or none, so some alone are somebody else's; where none is on they are looked for, for a minute, and then named.
     * Safe to repeat.
     */
    switchItemsOff: activity(dependencies, patience.undo, switchItemsOff),
  };
}

async function findOfferingItems({ parentTenantId, ...wish }: OfferSpec, { acronis }: Attempt) {
  const parent = parentTenantId ?? (await acronis.rootTenantId());
  return offer(
    parent,
    choose(await offered(acronis, { parent, kind: 'customer', field: 'customer.parentTenantId' }), wish),
  );
}

async function findPartnerItems({ parentTenantId, edition }: WholesaleSpec, { acronis }: Attempt) {
  const parent = parentTenantId ?? (await acronis.rootTenantId());
  return offer(
    parent,
    wholesale(await offered(acronis, { parent, kind: 'partner', field: 'partner.parentTenantId' }), edition),
  );
}

function offer(parentTenantId: string, { items, switches, problems }: Choice) {
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));
  return { result: { parentTenantId, items, switches, names: [...new Set(items.map(({ name }) => name))] } };
}

interface SwitchedOn {
  cloud: string;
  tenantId: string;
  items: WantedItem[];
  doubted?: boolean;
}

async function switchItemsOff(spec: SwitchedOn & { unsure: boolean }, attempt: Attempt): Promise<Found<UndoOutcome>> {
  const { tenantId, items } = spec;
  const switchOff = async () => await switchOffUnused(spec, attempt);
  const reason = `a call that was never answered may still switch on: ${namesOf(items)}`;
  const late: UndoOutcome = { undone: false, leftovers: [{ kind: 'setting', id: tenantId, reason }] };
  return await takenBackOr(attempt, spec, switchOff, late);
}

/** Switches off what nobody uses; undefined where nothing is on. */
async function switchOffUnused(
  { tenantId, items, doubted = false }: SwitchedOn,
  { acronis, memory, remember }: Attempt,
): Promise<UndoOutcome | undefined> {
  const present = await acronis.offeringItems.list(tenantId);
  const on = items.filter((item) => rowOf(item, present)?.status === 1);
  if (on.length === 0) return undefined;
  if (doubted && memory.removing !== true && on.length < items.length)
    return { undone: false, leftovers: leftOn(tenantId, 'somebody else has changed them too', on) };
  const other = on.filter((item) => !hasQuota(rowOf(item, present), item.quota ?? UNLIMITED));
  const same = on.filter((item) => !other.includes(item));
  const { why, inUse } = await usedOf(acronis, tenantId, same);
  const off = changesBetween(present, { on: [], off: same.filter((item) => !inUse.includes(item)) });
  if (off.length > 0) {
    memory.removing = true;
    remember();
    await acronis.offeringItems.put(tenantId, off);
  }
  const leftovers = [...leftOn(tenantId, 'somebody has changed the quota', other), ...leftOn(tenantId, why, inUse)];
  return { undone: memory.removing === true, leftovers };
}

const UNLIMITED = { value: null, overage: null };

/** Which of some items are in use by now, and why that is thought. An agent may use each of them: usage is counted only every half hour. */
async function usedOf(acronis: Acronis, tenantId: string, items: WantedItem[]) {
  if (items.length === 0) return { why: '', inUse: [] };
  const agents = await agentsIn(acronis, tenantId);
  if ('hidden' in agents) return { why: `its agents may not be seen (${agents.hidden})`, inUse: items };
  const [agent] = agents.seen;
  if (agent !== undefined) return { why: `an agent is in the tenant: ${agent.hostname ?? agent.id}`, inUse: items };
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  return { why: 'in use by now', inUse: items.filter((item) => used.some(({ name }) => name === item.name)) };
}

function namesOf(items: readonly WantedItem[]): string {
  return items.map(({ name }) => name).join(', ');
}

function leftOn(tenantId: string, why: string, items: readonly WantedItem[]): Leftover[] {
  if (items.length === 0) return [];
  return [{ kind: 'setting', id: tenantId, reason: `${why}, so left on: ${namesOf(items)}` }];
}

interface Offering {
  parent: string;
  kind: string;
  /** What of the order says whose parent it is. */
  field: string;
}

/** What a parent can give to a child of a kind. Fails with `Acronis.Rejected` when there is no such parent. */
export async function offered(acronis: Attempt['acronis'], { parent, kind, field }: Offering): Promise<OfferingItem[]> {
  try {
    return await acronis.offeringItems.availableForChild(parent, { kind });
  } catch (error) {
    if (isAcronisError(error) && error.kind === 'not-found')
      throw refuse(FailureType.Rejected, `${field}: ${error.message}`);
    throw error;
  }
}

async function applyOfferingItems(
  { tenantId, items, look }: ItemsSpec,
  { acronis, first, unsure }: Attempt,
): Promise<Found<null>> {
  const present = look || !first ? await acronis.offeringItems.list(tenantId) : [];
  if (items.every((item) => holds(item, present))) return { result: null, adopted: true, changed: unsure };
  await acronis.offeringItems.put(
    tenantId,
    items.map((item) => switchOn(item, present)),
  );
  return { result: null };
}
