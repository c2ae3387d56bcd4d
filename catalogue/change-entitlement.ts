import { z } from 'zod';
import { CHANGE_ENTITLEMENT, type ChangeEntitlementOrder } from '../workflows/change-entitlement/contract.js';
import type { CatalogueEntry } from './entry.js';
import { infraFields, quotas } from './fields.js';
import { commonFields, createReader, digest, keyOfNamed, tenantRef, text } from './input.js';

const names = () => z.array(text()).min(1).optional();

const schema = z
  .strictObject({
    tenant: tenantRef(),
    offeringItems: names().describe('Items to have; one without a quota is unlimited'),
    quotas: quotas().describe('By item or usage name, of items that the customer has or gets'),
    remove: names().describe('Items to switch off; what is in use stays on'),
    belowUse: z
      .enum(['keep', 'limitToUse', 'set'], 'must be keep, limitToUse or set')
      .optional()
      .describe('What becomes of a quota below what is used; it stays as it was by default'),
    ...infraFields(),
    ...commonFields,
  })
  .superRefine(checkChanges);

interface Changes {
  offeringItems?: string[] | undefined;
  quotas: object;
  remove?: string[] | undefined;
  belowUse?: string | undefined;
}

/** Something must change, and nothing in two ways. */
function checkChanges(
  { offeringItems = [], quotas: given, remove = [], belowUse }: Changes,
  context: z.RefinementCtx,
): void {
  const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (offeringItems.length + Object.keys(given).length + remove.length === 0)
    problem('offeringItems', 'is missing: say what must change by "offeringItems", "quotas" or "remove"');
  if (belowUse !== undefined && Object.keys(given).length === 0)
    problem('belowUse', 'goes with quotas: say how much by "quotas", or leave this out');
  for (const name of remove.filter((one) => offeringItems.includes(one)))
    problem('remove', `names ${JSON.stringify(name)}, and offeringItems does too: leave it out of one of them`);
}

/** Two orders for one tenant are different jobs unless they want the same. */
function keyOf(order: ChangeEntitlementOrder): string {
  const { offeringItems = [], quotas: given, remove = [], infraId = null, infra = {}, belowUse = 'keep' } = order;
  const wanted = [offeringItems.toSorted(), sorted(given), remove.toSorted(), infraId, sorted(infra)];
  if (belowUse !== 'keep') wanted.push(belowUse);
  return keyOfNamed(order, digest(JSON.stringify(wanted)));
}

function sorted(fields: object): [string, unknown][] {
  return Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

export const changeEntitlementEntry: CatalogueEntry = {
  name: CHANGE_ENTITLEMENT,
  summary: 'Gives a customer items and quotas exactly as ordered, or switches items off; all others stay as they are.',
  schema,
  read: createReader<ChangeEntitlementOrder>(schema, keyOf),
};
