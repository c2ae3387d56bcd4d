import type { NotDone } from '../../contract/customers.js';
import { ADMINISTRATOR } from '../../contract/customer-requests.js';
import type { Placement } from '../../contract/sales-plans.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { administratorOf } from './administrator.js';
import { agreement, operation, type Intention, type Situation } from './intention.js';

/** How a customer without a tenant gets one. Nothing is made for a customer that would be disabled at once. */
export function firstOperation(situation: Situation): Intention {
  const { ref, cloud, wanted } = situation;
  const { tenant, placement, open } = wanted;
  if (!tenant.exists || !tenant.enabled) return { kind: 'nothing' };
  if (open.length > 0) return { kind: 'asks', open };
  const { name, contact, offeringItems, quotas } = tenant;
  const missing = [
    ...(name === undefined ? ['name'] : []),
    ...(placement?.administrator === 'contact' && contact === undefined ? ['e-mail'] : []),
  ];
  if (placement === undefined) return { kind: 'waits', waitingFor: 'something that a plan names' };
  if (name === undefined || missing.length > 0)
    return { kind: 'waits', waitingFor: `${missing.join(' and ')} of the customer` };
  const questions = questionsAbout(placement, situation);
  if (questions.length > 0) return { kind: 'asks', open: questions };
  const { language, infra, twoFactor, parentTenantId } = placement;
  return operation('provisionCustomer', 'it is sold and no tenant of it is known', {
    ...(cloud !== undefined && { cloud }),
    externalRef: ref,
    customer: {
      name,
      customerId: ref,
      language: tenant.language ?? language,
      ...(parentTenantId !== undefined && { parentTenantId }),
      ...(contact && { contact }),
    },
    ...(offeringItems.length > 0 && { offeringItems }),
    ...(Object.keys(quotas).length > 0 && { quotas }),
    ...(tenant.edition !== undefined && { edition: tenant.edition }),
    ...(Object.keys(infra).length > 0 && { infra }),
    twoFactor,
    billingMode: tenant.billingMode,
    ...(tenant.billingMode === 'production' && { confirm: name }),
    ...administratorOf(placement, situation),
  });
}

/**
 * What a person must decide about where and how a customer is created. Its cloud is that of its source: the workflow
 * begins before anybody reads the plans.
 */
function questionsAbout(
  placement: Placement,
  { cloud = DEFAULT_CLOUD, agreed = {}, administrator: named }: Situation,
): NotDone[] {
  const { administrator, cloud: wanted = cloud } = placement;
  const otherCloud =
    `its plan is for the cloud ${wanted}, and its source is for ${cloud}: give the source "cloud": "${wanted}" in ` +
    `sources.json, or say "converge" with the field "cloud" to create the customer in ${cloud}`;
  return [
    ...(wanted !== cloud && agreed['cloud'] !== agreement(wanted) ? [{ field: 'cloud', why: otherCloud }] : []),
    ...(administrator === 'ask' && named === undefined
      ? [{ field: ADMINISTRATOR, why: 'the plan says that a person names it: say "converge" with "administrator"' }]
      : []),
  ];
}
