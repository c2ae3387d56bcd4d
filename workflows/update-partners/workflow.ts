import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import type { PartnerUpdate } from './partner.js';
import { UPDATE_PARTNER, UPDATE_PARTNERS } from './contract.js';
import type { UpdatedPartners, UpdatePartnersOrder } from './contract.js';

/** A low number, so that other runs of the same cloud still get their calls through. */
const AT_ONCE = 10;
/** How long to wait for another run at a partner, which may be blocked, before the partner is skipped. */
const TURN_WITHIN = '15 minutes';

/**
 * Gives every partner the items of one edition or of all, each in its own turn. A failure of one does not stop the
 * others.
 */
export const updatePartners = operation<UpdatePartnersOrder, UpdatedPartners>({
  name: UPDATE_PARTNERS,
  steps: () => ['findPartners', 'updatePartners'],
  amendable: { to: ['updatePartners'], ...everyAmendable },

  async run({ order, cloud, steps }) {
    const { root, to } = order;
    const found = await steps.lookUp('findPartners', { cloud, root, to }, { summary: 'Which partners are there?' });
    const { parentTenantId, partners } = found;
    steps.setFacts({ partnerId: parentTenantId });
    const fit = partners.filter(({ unfit }) => unfit === undefined);
    const answers = await steps.forEach(
      'updatePartnerItems',
      fit.map(({ id: tenantId, name, madeBy }): PartnerUpdate => {
        return { cloud, tenantId, parentTenantId, to, name, madeBy, turnWithin: TURN_WITHIN };
      }),
      {
        as: 'updatePartners',
        workflowType: UPDATE_PARTNER,
        atOnce: AT_ONCE,
        summary: `${fit.length} partners, at most ${AT_ONCE} at once`,
        leftoverReason: 'its new items stay, because its customers may use them by now',
      },
    );
    const answered = new Map(fit.map(({ id }, at) => [id, answers[at]!]));
    return {
      partners: partners.map(({ id, name, unfit }) => {
        const { outcome, reason } = answered.get(id) ?? { outcome: 'skipped', reason: unfit };
        return { id, name, outcome, ...(reason === undefined ? {} : { reason }) };
      }),
    };
  },
});
