import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import type { PartnerUpdate } from './partner.js';
import { UPDATE_PARTNER, UPDATE_PARTNERS } from './contract.js';
import type { UpdatedPartners, UpdatePartnersOrder } from './contract.js';

/** Few enough that other runs of the same cloud still get their calls through. */
const AT_ONCE = 10;
/** How long a partner may be busy with another run, which may wait for a person, before it is left out. */
const TURN_WITHIN = '15 minutes';

/** Gives every partner the items of one edition or of all, each in its own turn; what becomes of one stops no other. */
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
        by: UPDATE_PARTNER,
        atOnce: AT_ONCE,
        summary: `${fit.length} partners, at most ${AT_ONCE} at once`,
        stays: 'what it was given stays, for its customers may have it by now',
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
