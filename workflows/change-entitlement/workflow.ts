import type { EntitlementChanges } from '../../activities/entitlements.js';
import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import {
  CHANGE_ENTITLEMENT,
  type ChangedEntitlement,
  type ChangeEntitlementOrder,
  type NotDoneItem,
} from './contract.js';

const CHANGE = 'changeOfferingItems';

/** Gives a customer the ordered items and quotas, and leaves all others; the undo puts back what was there. */
export const changeEntitlement = operation<ChangeEntitlementOrder, ChangedEntitlement>({
  name: CHANGE_ENTITLEMENT,
  steps: () => ['findTenant', 'findItemChanges', CHANGE],
  amendable: {
    offeringItems: [CHANGE],
    quotas: [CHANGE],
    remove: [CHANGE],
    belowUse: [CHANGE],
    infraId: [CHANGE],
    infra: [CHANGE],
    ...everyAmendable,
  },

  async run({ order, cloud, steps, expects }) {
    const { tenant, offeringItems = [], quotas, remove = [], belowUse, infraId, infra } = order;
    // quotas of a partner only warn, and the items of a unit are its customer's
    const target = await takeTarget(steps, { cloud, tenant, unfit: ['partner', 'folder', 'unit'], expects });
    const { tenantId, name, kind, parentTenantId } = target;
    const found = await steps.lookUp(
      'findItemChanges',
      { cloud, tenantId, kind, parentTenantId, offeringItems, quotas, remove, belowUse, infraId, infra },
      { summary: `What has ${name} now?` },
    );
    const { on, off, before, notDone } = found;
    if (on.length + off.length === 0) {
      const reasons = notDone.map(({ field, why }) => `${field}: ${why}`);
      steps.alreadyDone(CHANGE, reasons.length === 0 ? {} : { unseen: reasons.join('; ') });
      return { tenantId, notDone };
    }
    const place = { cloud, tenantId };
    const late = await steps.run(
      CHANGE,
      { ...place, on, off, before, belowUse },
      {
        summary: summaryOf(found),
        undo: ['restoreItems', { ...place, items: on, off, before, awaitsLate: true, came: null }],
      },
    );
    return { tenantId, notDone: withLate(notDone, late.notDone) };
  },
});

/** What was found in use at the look-up, and what is in use by now: that stays as it was, and is not limited. */
function withLate(found: readonly NotDoneItem[], late: readonly NotDoneItem[]): NotDoneItem[] {
  const again = (field: string) => late.find((one) => one.field === field);
  const first = (field: string) => found.find((one) => one.field === field);
  return [
    ...found.filter(({ field }) => again(field) === undefined),
    ...late.map((one) => ({ ...one, wanted: first(one.field)?.wanted ?? one.wanted })),
  ];
}

function summaryOf({ on, off }: EntitlementChanges): string {
  const names = (items: EntitlementChanges['on']) => items.map(({ name }) => name).join(', ');
  return [...(on.length > 0 ? [names(on)] : []), ...(off.length > 0 ? [`off: ${names(off)}`] : [])].join('; ');
}
