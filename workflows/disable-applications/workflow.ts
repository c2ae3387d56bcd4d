import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { DISABLE_APPLICATIONS, disableApplicationsAmendable, disableApplicationsSteps } from './contract.js';
import type { DisableApplicationsOrder, DisableApplicationsResult, WithoutApplications } from './contract.js';

/** Switches the applications of a tenant off for good, one after the other. */
export async function disableApplications(input: unknown): Promise<DisableApplicationsResult> {
  return await runOperation(disablingApplications, input);
}

export const disablingApplications: Operation<DisableApplicationsOrder, WithoutApplications> = {
  name: DISABLE_APPLICATIONS,
  steps: () => disableApplicationsSteps,
  amendable: disableApplicationsAmendable,
  story,
};

async function story({ order, cloud, reset, run }: Begun<DisableApplicationsOrder>) {
  const { tenant, except, confirm } = order;
  const because = 'what the applications keep is destroyed, in it and in all tenants below it';
  const { tenantId, name } = await takeTarget(run, { cloud, tenant, confirm: { given: confirm, because } });
  const applications = await run.look(
    'findApplications',
    { cloud, tenantId, except },
    { summary: `What does ${name} use?` },
  );
  for (const { applicationId, type } of applications)
    await run.step(
      'disableApplication',
      { cloud, tenantId, applicationId, look: reset === true },
      {
        as: `disableApplication:${type}`,
        summary: `${type} of ${name} off, for good`,
        undo: ['accountForApplication', { cloud, tenantId, applicationId, type }],
      },
    );
  return { tenantId };
}
