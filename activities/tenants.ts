import { isAcronisError, type Acronis, type NewTenant, type Tenant } from '../acronis/index.js';
import type { ProvisionCustomerOrder } from '../workflows/provision-customer/contract.js';
import type { ProvisionPartnerOrder } from '../workflows/provision-partner/contract.js';
import { makerOf, markText, ownership, type Mark, type Ownership } from '../workflows/shared/mark.js';
import type { Leftover } from '../workflows/shared/status.js';
import type { UndoOutcome } from '../workflows/shared/undos.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain } from './looking-again.js';
import { answerLost } from './lost-answers.js';
import { disableAndRemove, moversIn } from './tenant-removal.js';

/** Where a run's tenant is, and how it is known there. */
interface Place {
  cloud: string;
  mark: Mark;
  parentTenantId: string;
}

/** The kinds of tenants that runs make. For one business key there may be one of each. */
export type MadeKind = 'customer' | 'partner';

interface Trying {
  /** True when an earlier try or run may have made the tenant already. */
  look: boolean;
  /** True when an earlier try of this run may have made it without saying so. */
  unsure?: boolean;
}

interface CustomerSpec extends Place, Trying {
  customer: ProvisionCustomerOrder['customer'];
}

interface PartnerSpec extends Place, Trying {
  partner: ProvisionPartnerOrder['partner'];
}

/** A tenant that carries the mark of a run. */
export interface MarkedTenant {
  tenantId: string;
  ownership: Exclude<Ownership, 'foreign'>;
  /** First run id of the earlier run that made it. */
  madeBy?: string;
}

export function createTenantActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes sure that this customer has exactly one tenant, carrying the run's mark. Safe to repeat: `POST /tenants` has no idempotency
     * key and its answer can be lost, so any try but the very first looks for the mark before it creates; after a lost answer for a minute,
     * since a new tenant can be listed late and names need not be unique. Fails with `Acronis.Taken` when somebody else has the name, and
     * only after looking again for a minute.
     */
    ensureCustomerTenant: activity(
      dependencies,
      patience.change,
      async (spec: CustomerSpec, attempt) => await ensureTenant(newCustomer(spec), spec, attempt),
    ),
    /** The same for a partner. */
    ensurePartnerTenant: activity(
      dependencies,
      patience.change,
      async (spec: PartnerSpec, attempt) => await ensureTenant(newPartner(spec), spec, attempt),
    ),
    /**
     * Makes sure that no tenant with this run's whole mark is left, however many there are. Safe to repeat, and harmless when there is none.
     * A tenant into which others have moved stays, and is named as a leftover.
     */
    removeCustomerTenant: activity(dependencies, patience.undo, removeTenant),
    removePartnerTenant: activity(dependencies, patience.undo, removeTenant),
  };
}

async function ensureTenant(
  fields: NewTenant & { kind: MadeKind },
  spec: Place & Trying,
  attempt: Attempt,
): Promise<Found<MarkedTenant>> {
  const { acronis, memory, remember } = attempt;
  const find = async () => await adopt(acronis, await markedTenants(acronis, spec, fields.kind));
  if (spec.look || !attempt.first) {
    const known = spec.unsure || attempt.unsure ? await lookAgain(attempt, find) : await find();
    if (known) return known;
  }
  memory.sent = true;
  remember();
  try {
    const { id } = await acronis.tenants.create(fields);
    return { result: { tenantId: id, ownership: 'ours' } };
  } catch (error) {
    memory.sent = answerLost(error);
    if (!isAcronisError(error) || !['taken', 'conflict'].includes(error.kind)) throw error;
    const known = await lookAgain(attempt, find);
    if (known) return known;
    throw error;
  }
}

function newCustomer({ customer, ...place }: CustomerSpec) {
  return {
    ...newTenant(place, customer),
    kind: 'customer' as const,
    customer_id: customer.customerId,
    enhanced_security: customer.enhancedSecurity || undefined,
  };
}

function newPartner({ partner, ...place }: PartnerSpec) {
  return { ...newTenant(place, partner), kind: 'partner' as const };
}

function newTenant({ parentTenantId, mark }: Place, { name, language, contact }: PartnerSpec['partner']) {
  return {
    name,
    parent_id: parentTenantId,
    internal_tag: markText(mark),
    language,
    contact,
    // access is needed until the run's very last step, which takes it away where that is wanted
    ancestral_access: true,
  };
}

/** The oldest is kept; what this run has made besides goes. */
async function adopt(acronis: Acronis, [kept, ...doubles]: Marked[]): Promise<Found<MarkedTenant> | undefined> {
  if (kept === undefined) return undefined;
  for (const { tenant: double } of doubles.filter((one) => one.whose === 'ours'))
    await disableAndRemove(acronis, double);
  const { tenant, whose } = kept;
  const madeBy = whose === 'ours' ? undefined : makerOf(tenant.internal_tag);
  const result = { tenantId: tenant.id, ownership: whose, ...(madeBy === undefined ? {} : { madeBy }) };
  return { result, adopted: true, changed: whose === 'ours' };
}

interface Marked {
  tenant: Tenant;
  whose: MarkedTenant['ownership'];
}

/** The tenants that carry a mark of this business key, oldest first; of one kind where that matters. */
export async function markedTenants(
  acronis: Acronis,
  { parentTenantId, mark }: Pick<Place, 'parentTenantId' | 'mark'>,
  kind?: MadeKind,
): Promise<Marked[]> {
  const marked: Marked[] = [];
  for await (const tenant of acronis.tenants.list({ parentId: parentTenantId })) {
    const whose = ownership(mark, tenant.internal_tag);
    const fits = kind === undefined || tenant.kind === kind;
    if (whose !== 'foreign' && fits && tenant.deleted_at === null) marked.push({ tenant, whose });
  }
  return marked.sort((a, b) => (a.tenant.created_at ?? '').localeCompare(b.tenant.created_at ?? ''));
}

async function removeTenant(
  spec: Place & { logins: string[]; unsure: boolean },
  attempt: Attempt,
): Promise<Found<UndoOutcome>> {
  const { acronis } = attempt;
  const ours = async () => {
    const marked = await markedTenants(acronis, spec);
    const made = marked.filter(({ whose }) => whose === 'ours');
    return made.length > 0 ? made : undefined;
  };
  const made = spec.unsure ? await lookAgain(attempt, ours) : await ours();
  // a repeat of a removal that was cut off finds nothing more, and may not say that there never was anything
  if (made === undefined) return { result: { undone: attempt.memory.removing === true, leftovers: [] } };
  const leftovers: Leftover[] = [];
  for (const { tenant } of made) {
    const reason = await moversIn(acronis, tenant.id, spec.logins);
    if (reason !== undefined) leftovers.push({ kind: 'tenant', id: tenant.id, reason });
    else {
      attempt.memory.removing = true;
      attempt.remember();
      await disableAndRemove(acronis, tenant);
    }
  }
  return { result: { undone: leftovers.length === 0, leftovers } };
}
