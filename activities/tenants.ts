import { isAcronisError } from '../acronis/index.js';
import { markText } from '../contract/mark.js';
import type { ProvisionCustomerOrder } from '../workflows/provision-customer/contract.js';
import type { ProvisionPartnerOrder } from '../workflows/provision-partner/contract.js';
import { activity } from './activity.js';
import {
  earlierTries,
  seenIn,
  type ActivityDependencies,
  type Attempt,
  type Outcome,
  type StepTries,
} from './attempt.js';
import { toContact } from './contacts.js';
import { lookAgain, lookAgainIf } from './lost-answers.js';
import { removeDoubles, removeTenant } from './marked-removal.js';
import { checkNoneRetagged } from './adoption-checks.js';
import { findToAdopt, restoreAdoptedTenant, updateTenant } from './tenant-adoption.js';
import type { AdoptionSpec, MarkedTenant, TenantFields } from './tenant-adoption.js';

export type { MarkedTenant } from './tenant-adoption.js';

interface EnsureSpec extends AdoptionSpec, StepTries {
  cloud: string;
  look: boolean;
  /** True when an earlier run may have made a tenant whose id nobody knows. */
  lost?: boolean;
}

interface CustomerSpec extends EnsureSpec {
  customer: ProvisionCustomerOrder['customer'];
}

interface PartnerSpec extends EnsureSpec {
  partner: ProvisionPartnerOrder['partner'];
}

export function createTenantActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Gives this customer exactly one tenant, with the mark of the run. `POST /tenants` has no idempotency key, and
     * names need not be unique. Safe to repeat: any try but the first looks for the mark before it creates, and after a
     * lost answer during a minute, because a new tenant can be listed late. Removes nothing. Fails with `Acronis.Taken`
     * when somebody else has the name, and only after looking again during a minute; with `Tenantry.SwitchedOff` when
     * the tenant, or one above it, is switched off and no undo of ours did it; with `Tenantry.Unexpected` when the
     * tenant of an earlier completed run exists under another tag, when the mark is on another tenant than the one that
     * the run in the mark has made, and when somebody has given the tenant to another customer.
     */
    ensureCustomerTenant: activity.change(dependencies, async (spec: CustomerSpec, attempt) =>
      seenIn(await ensureTenant(newCustomer(spec), spec, attempt)),
    ),
    /** The same for a partner. */
    ensurePartnerTenant: activity.change(dependencies, async (spec: PartnerSpec, attempt) =>
      seenIn(await ensureTenant(newPartner(spec), spec, attempt)),
    ),
    /**
     * Updates name, language and contact of an adopted tenant as ordered, and enables it when an undo of ours has
     * disabled it. Safe to repeat: writes only what differs. Fails as `ensureCustomerTenant` does.
     */
    updateTenant: activity.change(dependencies, updateTenant),
    /**
     * Puts back what `updateTenant` has changed in another run's tenant, while the tenant still has the version of that
     * change. A tenant that others have changed since is named as a leftover, with its former fields. Safe to repeat.
     */
    restoreAdoptedTenant: activity.undo(dependencies, restoreAdoptedTenant),
    /**
     * Removes the second tenants that this run has made, because a lost answer made it try twice. A tenant that is in
     * use stays, and is named in the result. Safe to repeat.
     */
    removeDoubles: activity.change(dependencies, removeDoubles),
    /**
     * Removes every tenant with the whole mark of this run; does nothing when there is none. A tenant that others use
     * stays, and is named as a leftover. Safe to repeat.
     */
    removeCustomerTenant: activity.undo(dependencies, removeTenant),
    removePartnerTenant: activity.undo(dependencies, removeTenant),
  };
}

async function ensureTenant(fields: TenantFields, spec: EnsureSpec, attempt: Attempt): Promise<Outcome<MarkedTenant>> {
  const { acronis } = attempt;
  const unsure = spec.unsure === true || spec.lost === true || attempt.mayHaveActed;
  const one = !spec.look && attempt.earlierAttempts === 1;
  const find = async () => {
    const known = await findToAdopt(acronis, fields, spec);
    if (known === undefined) return undefined;
    // the only call without an answer has made the tenant that was found; else another may be listed late
    const another = unsure && !(one && known.result.ownership === 'ours');
    const doubts = unsure || known.result.doubted === true ? { doubted: true, another } : {};
    return { ...known, result: { ...known.result, ...doubts } };
  };
  if (earlierTries(spec, attempt) !== 'none') {
    const known = await lookAgainIf(unsure, attempt, find);
    if (known) return known;
    await checkNoneRetagged(acronis, spec);
  }
  try {
    const { id } = await acronis.tenants.create(fields);
    return { result: { tenantId: id, ownership: 'ours', ...(unsure ? { doubted: true, another: true } : {}) } };
  } catch (error) {
    if (!isAcronisError(error) || !['taken', 'conflict'].includes(error.kind)) throw error;
    const known = await lookAgain(attempt, find);
    if (known) return known;
    throw error;
  }
}

function newCustomer({ customer, ...spec }: CustomerSpec) {
  return {
    ...newTenant(spec, customer),
    kind: 'customer' as const,
    customer_id: customer.customerId,
    enhanced_security: customer.enhancedSecurity || undefined,
  };
}

function newPartner({ partner, ...spec }: PartnerSpec) {
  return { ...newTenant(spec, partner), kind: 'partner' as const };
}

function newTenant(
  { parentTenantId, mark }: Pick<EnsureSpec, 'parentTenantId' | 'mark'>,
  { name, language, contact }: PartnerSpec['partner'],
) {
  return {
    name,
    parent_id: parentTenantId,
    internal_tag: markText(mark),
    language,
    ...(contact === undefined ? {} : { contact: toContact(contact) }),
    // the run needs access until its last step, which ends it where the order says so
    ancestral_access: true,
  };
}
