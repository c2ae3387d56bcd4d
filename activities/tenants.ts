import { isAcronisError } from '../acronis/index.js';
import type { ProvisionCustomerOrder } from '../workflows/provision-customer/contract.js';
import type { ProvisionPartnerOrder } from '../workflows/provision-partner/contract.js';
import { markText } from '../contract/mark.js';
import { restoreAdoptedTenant } from './adoption-undo.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { lookAgain } from './looking-again.js';
import { removeDoubles, removeTenant } from './marked-removal.js';
import {
  adopt,
  checkNoneRetagged,
  updateTenant,
  type Adopting,
  type Fields,
  type MarkedTenant,
} from './tenant-adoption.js';

export type { MarkedTenant } from './tenant-adoption.js';

interface Place extends Adopting {
  cloud: string;
}

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

export function createTenantActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes sure that this customer has exactly one tenant, carrying the run's mark. Safe to repeat: `POST /tenants` has no idempotency
     * key and its answer can be lost, so any try but the very first looks for the mark before it creates; after a lost answer for a minute,
     * since a new tenant can be listed late and names need not be unique. Removes nothing. Fails with `Acronis.Taken` when somebody else has
     * the name, and only after looking again for a minute; with `Tenantry.SwitchedOff` when the tenant, or one above it, was switched off by
     * anybody but an undo of ours; with `Tenantry.Unexpected` when the tenant of an earlier run that completed is there under another tag.
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
     * Brings an adopted tenant to what the order says: name, language and contact, and on again where an undo of ours has switched it off. Safe to
     * repeat: writes only what differs. Fails as `ensureCustomerTenant` does.
     */
    updateTenant: activity(dependencies, patience.change, updateTenant),
    /**
     * Puts back what `updateTenant` has changed of a tenant that another run has made, while it is in the version that this has brought. One that
     * others have changed since is named as a leftover, with what it was. Safe to repeat.
     */
    restoreAdoptedTenant: activity(dependencies, patience.undo, restoreAdoptedTenant),
    /**
     * Removes the tenants that this run has made besides its own, because a lost answer made it try twice. One in which anything is stays, and is
     * named in the result. Safe to repeat.
     */
    removeDoubles: activity(dependencies, patience.change, removeDoubles),
    /**
     * Makes sure that no tenant with this run's whole mark is left, however many there are. Safe to repeat, and harmless when there is none.
     * A tenant into which others have moved stays, and is named as a leftover.
     */
    removeCustomerTenant: activity(dependencies, patience.undo, removeTenant),
    removePartnerTenant: activity(dependencies, patience.undo, removeTenant),
  };
}

async function ensureTenant(fields: Fields, spec: Place & Trying, attempt: Attempt): Promise<Found<MarkedTenant>> {
  const { acronis } = attempt;
  const unsure = spec.unsure === true || attempt.unsure;
  // an earlier try may have made another one, which is listed only later
  const doubted = unsure ? { doubted: true, another: true } : {};
  const one = !spec.look && attempt.earlier === 1;
  const find = async () => {
    const known = await adopt(acronis, fields, spec);
    // the one call that was never answered has made the very tenant that was found
    const found = one && known?.result.ownership === 'ours' ? { ...doubted, another: false } : doubted;
    return known && { ...known, result: { ...known.result, ...(unsure ? found : {}) } };
  };
  if (spec.look || !attempt.first) {
    const known = unsure ? await lookAgain(attempt, find) : await find();
    if (known) return known;
    await checkNoneRetagged(acronis, spec);
  }
  try {
    const { id } = await acronis.tenants.create(fields);
    return { result: { tenantId: id, ownership: 'ours', ...doubted } };
  } catch (error) {
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
    ...(contact === undefined ? {} : { contact }),
    // access is needed until the run's very last step, which takes it away where that is wanted
    ancestral_access: true,
  };
}
