import type { CustomerFact } from '../../contract/facts.js';
import type { Placement } from '../../contract/sales-plans.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { agreement, operation, type Intention, type Situation } from './intention.js';

/** How a customer without a tenant gets one. Nothing is made for a customer that would be disabled at once. */
export function firstOperation(situation: Situation): Intention {
  const { ref, cloud, wanted } = situation;
  const { tenant, placement, login, open } = wanted;
  if (!tenant.exists || !tenant.enabled) return { kind: 'nothing' };
  if (open.length > 0) return { kind: 'asks', open };
  const { name, contact, offeringItems, quotas } = tenant;
  const missing = [
    ...(name === undefined ? ['name'] : []),
    ...(placement?.administrator === 'contact' && contact === undefined ? ['e-mail'] : []),
  ];
  if (placement === undefined) return { kind: 'waits', waitingFor: 'something that a plan names' };
  if (isForOtherCloud(placement, situation))
    return { kind: 'asks', open: [{ field: 'cloud', why: whyOtherCloud(placement, cloud) }] };
  if (name === undefined || missing.length > 0)
    return { kind: 'waits', waitingFor: `${missing.join(' and ')} of the customer` };
  if (placement.administrator === 'ask')
    return {
      kind: 'asks',
      open: [{ field: 'administrator', why: 'the plan says that a person names the administrator' }],
    };
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
    ...(contact && administratorOf(placement, contact, { login, ref })),
  });
}

/** The cloud of a customer is that of its source: the workflow begins before anybody reads the plans. */
function isForOtherCloud(placement: Placement, { cloud = DEFAULT_CLOUD, agreed = {} }: Situation): boolean {
  const isOther = placement.cloud !== undefined && placement.cloud !== cloud;
  return isOther && agreed['cloud'] !== agreement(placement.cloud);
}

function whyOtherCloud({ cloud: wanted }: Placement, cloud = DEFAULT_CLOUD): string {
  return (
    `its plan is for the cloud ${wanted}, and its source is for ${cloud}: give the source "cloud": "${wanted}" in ` +
    `sources.json, or say "converge" with the field "cloud" to create the customer in ${cloud}`
  );
}

function administratorOf(
  { administrator, loginPattern }: Placement,
  contact: NonNullable<CustomerFact['contact']>,
  { login, ref }: { login: string | undefined; ref: string },
) {
  if (administrator !== 'contact') return {};
  const made = loginPattern.replaceAll('{email}', () => contact.email).replaceAll('{ref}', () => ref);
  return { administrator: { ...contact, login: login ?? made }, activation: { by: 'email' } };
}
