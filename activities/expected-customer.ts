import type { Tenant } from '../acronis/index.js';
import { provisionCustomerKey } from '../catalogue/provision-customer.js';
import type { ExpectedCustomer } from '../contract/expected-customer.js';
import { FailureType } from '../contract/failures.js';
import { customerInTag, ownership } from '../contract/mark.js';
import { refuse } from './failures.js';
import { whyGivenToAnother } from './tenant-traits.js';

/** Fails with `Tenantry.Unexpected` when a tenant seems to be another customer's than the one that is expected. */
export function checkExpectedCustomer(tenant: Tenant, expected: ExpectedCustomer): void {
  const why = whyOfAnother(tenant, expected);
  if (why === undefined) return;
  const { id, name } = tenant;
  throw refuse(
    FailureType.Unexpected,
    `the tenant ${JSON.stringify(name)} (${id}) seems to be another customer's by now: ${why}. Put this back in the ` +
      'console, then retry; or give this run up (abort), which changes nothing there. Then, if it is the same customer, say ' +
      'so ("tenantry customer adopt" with the same tenant); if not, "tenantry customer release"',
  );
}

function whyOfAnother(tenant: Tenant, { orders, tag, madeFor }: ExpectedCustomer): string | undefined {
  const { internal_tag } = tenant;
  const now = customerInTag(internal_tag);
  const before = customerInTag(tag);
  const isOther = before !== undefined && now !== undefined && now !== before;
  const isForOther = madeFor !== undefined && now !== undefined && !isMarkedFor(madeFor, internal_tag);
  if (isOther || isForOther) return `it has the internal tag ${JSON.stringify(internal_tag)}`;
  return whyGivenToAnother(tenant, orders);
}

/** True for the mark of a run for this customer, in any environment. */
function isMarkedFor(externalRef: string, tag: string | null): boolean {
  const [, environment = ''] = (tag ?? '').split(':');
  const key = provisionCustomerKey({ externalRef, customer: { name: '' } });
  return ownership({ environment, key, runId: '' }, tag) !== 'foreign';
}
