import { isAcronisError, unlessNotFound, type Acronis, type Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { ContactOrder } from '../workflows/update-contact/contract.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { toContact } from './contacts.js';
import { refuse } from './failures.js';
import { changeTenant } from './tenant-changes.js';
import { fieldsBefore, textsToSend, type ReconciledChange } from './tenant-texts.js';
import { normalizedName } from './tenant-traits.js';

interface ContactSpec extends TenantSpec {
  texts: ContactOrder;
}

/** A customer before its name, language or contact changes. */
export interface ContactBefore {
  version: number;
  /** The fields that must change, as they are now; absent when the customer is as ordered. */
  before?: ReconciledChange;
}

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (tenants) */
export function createContactUpdateActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds which of the ordered name, language and contact a customer does not have. Changes nothing. Fails with
     * `Acronis.Taken` when another tenant below the same parent has the name.
     */
    findContact: activity.look(dependencies, findContact),
    /**
     * Sets name, language and contact of a customer as ordered. Reads the version before it uses it, and changes nothing
     * when the customer is so already, so a repeat is safe. What is not ordered stays. Fails with `Acronis.Taken` when
     * the cloud does not accept the name because another tenant has it.
     */
    updateContact: activity.change(dependencies, updateContact),
  };
}

async function findContact({ tenantId, texts }: ContactSpec, { acronis }: Attempt): Promise<Outcome<ContactBefore>> {
  const tenant = await acronis.tenants.get(tenantId);
  const { version } = tenant;
  const changes = textsToSend(tenant, toTexts(texts));
  if (Object.keys(changes).length === 0) return { result: { version } };
  if (changes.name !== undefined) await checkNameIsFree(acronis, tenant, changes.name);
  return { result: { version, before: fieldsBefore(tenant, changes) } };
}

async function updateContact({ texts, ...spec }: ContactSpec & StepTries, attempt: Attempt) {
  try {
    return await changeTenant(spec, (tenant) => textsToSend(tenant, toTexts(texts)), attempt);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'taken') throw error;
    throw refuse(FailureType.Taken, `name: ${error.message}; choose another name`);
  }
}

function toTexts({ contact, ...texts }: ContactOrder): ReconciledChange {
  return { ...texts, ...(contact && { contact: toContact(contact) }) };
}

async function checkNameIsFree(acronis: Acronis, { id, parent_id }: Tenant, name: string): Promise<void> {
  const isNamed = (one: Tenant) => normalizedName(one.name) === normalizedName(name);
  for await (const row of acronis.tenants.list({ parentId: parent_id })) {
    if (row.id === id || !isNamed(row)) continue;
    // a list may be older than the tenant
    const other = await unlessNotFound(async () => await acronis.tenants.get(row.id));
    if (other === undefined || other.deleted_at !== null || !isNamed(other)) continue;
    throw refuse(
      FailureType.Taken,
      `name: the tenant ${row.id} below the same parent is called ${JSON.stringify(name)} already; choose another name, or rename that tenant and retry`,
    );
  }
}
