import { ofVendor, type Onboarding } from './onboarding.js';
import { everyMilestone } from './milestones.js';
import { hasEnded, type OperationStatus } from './status.js';

const CREATES = 'ensureCustomerTenant';
const UNDATED = 'the run has found the tenant, so it does not know when it was created';

/** What a run of `onboardCustomer` says of its customer. `ref`: how the customer was asked for; by default its run. */
export function onboardingOfRun(status: OperationStatus, ref: string = refOf(status)): Onboarding {
  const { id, state, tenantId, protection } = status;
  const isThere = tenantId !== undefined && state !== 'undone';
  const { machines, token } = protection ?? {};
  const provisioned = isThere ? provisionedAt(status) : undefined;
  const unknown = isThere && provisioned === undefined;
  return {
    ref,
    state,
    ...(isThere && { tenantId }),
    milestones: isThere
      ? { ...everyMilestone(protection?.milestones), provisioned: provisioned ?? null }
      : everyMilestone(),
    ...(unknown && { unknown: [{ milestone: 'provisioned' as const, why: UNDATED }] }),
    ...missingOf(status),
    whoMustAct: whoMustAct(status),
    ...(machines && { machines }),
    ...(token && { token }),
    run: id,
  };
}

/** The business key: how the order names the customer. */
function refOf({ id, externalRef }: OperationStatus): string {
  return externalRef ?? id.split(':').at(-1)!;
}

/** Undefined for a tenant that the run has found. */
function provisionedAt({ steps }: OperationStatus): string | undefined {
  const creation = steps.find(({ name }) => name === CREATES);
  return creation?.state === 'done' ? creation.endedAt : undefined;
}

function missingOf(status: OperationStatus): Pick<Onboarding, 'missing' | 'since'> {
  const { tenantId, protection, startedAt } = status;
  if (hasEnded(status) || status.state === 'undoing') return {};
  if (tenantId === undefined) return { missing: 'the tenant', since: startedAt };
  if (protection?.missing) return { missing: protection.missing.what, since: protection.missing.since };
  return { missing: 'the start of the protection', since: startedAt };
}

function whoMustAct(status: OperationStatus): Onboarding['whoMustAct'] & string {
  if (status.state === 'blocked') return ofVendor.includes(status.blocked.type) ? 'vendor' : 'operator';
  if (status.state === 'failed') return 'operator';
  if (status.state !== 'running') return 'nobody';
  return status.protection?.missing?.whoMustAct ?? 'nobody';
}
