import type { FoundMember } from '../../activities/members.js';
import type { MarkedTenant } from '../../activities/tenant-adoption.js';
import type { ReconciledFields } from '../../activities/tenant-texts.js';
import type { ActivityInput } from '../kernel/activity-calls.js';
import { checkSameOrder } from './earlier-runs.js';
import { NO_EARLIER_RUNS, type EarlierRuns, type EarlierTenant } from '../../contract/earlier-runs.js';
import type { TenantContact } from '../../contract/orders.js';
import { markText } from '../../contract/mark.js';
import type { OperationContext } from '../kernel/operation.js';
import { ONE_PER_KEY } from '../../contract/revision.js';
import type { Steps } from '../kernel/steps.js';

/** What a run creates for its key. A key has at most one tenant of each kind. */
export interface TenantToMake {
  kind: 'customer' | 'partner';
  /** The operation of the run, and the others that create the same kind for a key. */
  operation: string;
  others: readonly string[];
  /** As the caller wrote it. */
  order: object;
  parentTenantId: string | undefined;
}

/** The look-ups of earlier runs. After another run had its turn, they are outdated. */
export const earlierRunSteps = ['earlierRuns', 'checkSameOrder'] as const;

/**
 * Finds earlier runs of the key. Fails with `Different` when one completed with another order and its tenant still
 * exists.
 */
export async function findEarlierRuns(
  { steps, cloud, mark, revision }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'mark' | 'revision'>,
  { kind, operation, others, order, parentTenantId }: TenantToMake,
): Promise<EarlierRuns> {
  if (revision < ONE_PER_KEY) return NO_EARLIER_RUNS;
  const earlier = await steps.earlierRuns({ cloud, mark, operation, others, order });
  return await checkSameOrder(steps, earlier, { cloud, mark, kind, parentTenantId });
}

/** Checks whether the login can be used in the tenant of the key, even if an earlier run created that elsewhere. */
export async function checkLogin(
  steps: Pick<Steps, 'lookUp'>,
  { role, ...spec }: ActivityInput<'checkLogin'> & { role: string },
  earlier: Promise<EarlierRuns>,
): Promise<FoundMember> {
  const runs = await earlier;
  const completed = runs.same && { ...runs.same, role };
  return await steps.lookUp(
    'checkLogin',
    { ...spec, ...toTraces(runs), ...(runs.users && { users: runs.users }), ...(completed && { completed }) },
    { summary: `Is ${spec.person.login} free?` },
  );
}

/**
 * Updates an adopted tenant as ordered. Call it only with the turn there. The undo restores what another run had set.
 */
export async function updateAdoptedTenant(
  { steps, cloud, revision }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'revision'>,
  { tenantId, unlike, former, found }: Pick<MarkedTenant, 'tenantId' | 'unlike' | 'former' | 'found'>,
  { name, language, contact, customerId }: ReconciledFields & { customerId?: string },
): Promise<void> {
  if (revision < ONE_PER_KEY || unlike !== true) return;
  await steps.run(
    'updateTenant',
    { cloud, tenantId, texts: { name, language, contact }, ...(customerId && { customerId }), ...(found && { found }) },
    {
      summary: `${name}, as ordered`,
      ...(former && { undo: ['restoreAdoptedTenant', { cloud, tenantId, ...former, came: null }] as const }),
    },
  );
}

/** Says which tenant the run means from now on. Call it once the tenant is found or made. */
export function rememberTenant(
  { steps, cloud, mark }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'mark'>,
  { tenantId, parentTenantId, found, there }: MarkedTenant & { parentTenantId: string },
  { name, customerId, contact }: Pick<ReconciledFields, 'name' | 'contact'> & { customerId?: string },
): void {
  const ordered = { name, ...(customerId && { customerId }), ...(contact && { email: contact.email }) };
  const orders = [ordered, found, there].filter((one) => one !== undefined);
  steps.rememberTenant({ cloud, tenantId, parentTenantId, tag: markText(mark), orders });
}

/** Looks for a duplicate of a tenant: a call without answer can take effect minutes later. */
export async function removeDoubles(
  {
    steps,
    cloud,
    mark,
    wasResetToStart,
    revision,
    since,
  }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'mark' | 'wasResetToStart' | 'revision' | 'since'>,
  { kind, ordered, tenantId, parentTenantId, doubted, another }: PossibleDouble,
): Promise<void> {
  if (revision < ONE_PER_KEY || (wasResetToStart !== true && doubted !== true)) return;
  const { name, customerId = null, contact } = ordered;
  const traits = { name, customerId, ...(contact && { email: contact.email }), ...(since && { since }) };
  const spec = { cloud, mark, kind, parentTenantId, tenantId, ...traits };
  // the answer of an older worker does not say whether there may be another
  const late = { another: wasResetToStart === true || another !== false };
  steps.setFacts({
    leftovers: await steps.run('removeDoubles', { ...spec, ...late }, { summary: 'Is there a second tenant?' }),
  });
}

interface PossibleDouble {
  kind: 'customer' | 'partner';
  ordered: { name: string; customerId?: string; contact?: TenantContact };
  tenantId: string;
  parentTenantId: string;
  doubted?: boolean;
  another?: boolean;
}

interface Creation {
  parentTenantId: string;
  /** Absent when no user is ordered. */
  member: FoundMember | undefined;
  earlier: EarlierRuns;
}

/** The inputs of the step that creates the tenant, and of its undo. */
export function toCreation(
  { cloud, mark, first, revision, since }: Omit<OperationContext<unknown>, 'order'>,
  { name, customerId, contact }: { name: string; customerId?: string; contact?: TenantContact },
  { parentTenantId, member, earlier }: Creation,
) {
  const place = { cloud, mark, parentTenantId };
  const look = !first || member?.userId !== undefined || earlier.known !== 'none';
  return {
    input: {
      ...place,
      ...toTraces(earlier),
      ...(earlier.runs && { runs: earlier.runs }),
      look,
      ...(earlier.lost && { lost: true }),
      updates: revision >= ONE_PER_KEY,
    },
    undo: {
      ...place,
      // filled in by `FirstUsers` when the undo runs
      logins: [],
      name,
      customerId: customerId ?? null,
      ...(contact && { email: contact.email }),
      ...(since && { since }),
      came: null,
    },
  };
}

/** What the step that creates the tenant gets to know about earlier runs. */
function toTraces({ tenants, parents, made = [] }: EarlierRuns): Traces {
  return {
    ...(tenants.length === 0 ? {} : { tenants }),
    ...(parents.length === 0 ? {} : { parents }),
    ...(made.length === 0 ? {} : { made }),
  };
}

interface Traces {
  tenants?: string[];
  parents?: string[];
  made?: EarlierTenant[];
}
