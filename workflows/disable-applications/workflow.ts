import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { DISABLE_APPLICATIONS } from './contract.js';
import type { DisableApplicationsOrder, WithoutApplications } from './contract.js';

/** Disables the applications of a tenant for good, one after the other. */
export const disableApplications = operation<DisableApplicationsOrder, WithoutApplications>({
  name: DISABLE_APPLICATIONS,
  steps: () => ['findTenant', 'findApplications'],
  amendable: { except: [], ...everyAmendable },

  async run({ order, cloud, wasReset, steps }) {
    const { tenant, except, confirm } = order;
    const because = 'what the applications keep is destroyed, in it and in all tenants below it';
    const { tenantId, name } = await takeTarget(steps, { cloud, tenant, confirm: { given: confirm, because } });
    const applications = await steps.lookUp(
      'findApplications',
      { cloud, tenantId, except },
      { summary: `What does ${name} use?` },
    );
    for (const { applicationId, type } of applications)
      await steps.run(
        'disableApplication',
        { cloud, tenantId, applicationId, look: wasReset === true },
        {
          as: `disableApplication:${type}`,
          summary: `${type} of ${name} off, for good`,
          undo: ['accountForApplication', { cloud, tenantId, applicationId, type }],
        },
      );
    return { tenantId };
  },
});
