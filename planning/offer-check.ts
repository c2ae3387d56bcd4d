import { isAcronisError, type Acronis, type OfferingItem } from '../acronis/index.js';
import { selectItems } from '../activities/offer.js';
import type { InputProblem } from '../contract/errors.js';
import type { Quota } from '../workflows/provision-customer/contract.js';

/** What a customer would be ordered with. */
export interface OfferWish {
  offeringItems: string[];
  edition: string | undefined;
  quotas: Record<string, Quota>;
  infra: Readonly<Record<string, string>>;
}

/** What a tenant offers to customers below it; undefined when the cloud shows us no such tenant. Changes nothing. */
export async function offeredBelow(
  acronis: Acronis,
  parentTenantId: string | undefined,
): Promise<OfferingItem[] | undefined> {
  const offer = async (parent: string) => await acronis.offeringItems.availableForChild(parent, { kind: 'customer' });
  if (parentTenantId === undefined) return await offer(await acronis.rootTenantId());
  try {
    return await offer(parentTenantId);
  } catch (error) {
    if (isAcronisError(error) && ['not-found', 'forbidden'].includes(error.kind)) return undefined;
    throw error;
  }
}

/**
 * The problems that the order of a new customer would have: items, editions and storages that are not offered, and
 * quotas in a unit that the cloud does not have. Each has the field of the order; an empty path where it is no single one.
 */
export function problemsOfOffer(offered: readonly OfferingItem[], wish: OfferWish): InputProblem[] {
  const { problems } = selectItems(offered, { ...wish, infraId: undefined });
  const withFields = problems.map((problem) => {
    const [, path = '', message = problem] = /^((?:offeringItems|edition|infra|quotas)\S*): (.+)$/s.exec(problem) ?? [];
    return { path, message };
  });
  // a quota of an item that is not offered is no problem of its own
  const ofItems = wish.offeringItems.map((item) => `quotas.${item}`);
  return withFields.some(({ path }) => !path.startsWith('quotas'))
    ? withFields.filter(({ path }) => !ofItems.includes(path))
    : withFields;
}
