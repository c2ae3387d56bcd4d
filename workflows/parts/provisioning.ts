import type { Member } from '../../activities/members.js';
import type { MarkedTenant, TenantTexts } from '../../activities/tenant-adoption.js';
import type { ActivityInput } from '../kernel/activity-calls.js';
import { withSameOrder } from './earlier-runs.js';
import { NONE, type EarlierRuns, type MadeBefore } from '../../contract/earlier-runs.js';
import type { OperationContext } from '../kernel/operation.js';
import { ONE_PER_KEY } from '../../contract/revision.js';
import type { Steps } from '../kernel/steps.js';

/** What a run is to make for its key: one of each kind there may be. */
export interface ToMake {
  kind: 'customer' | 'partner';
  /** The operation of the run, and the others that make the same for a key. */
  operation: string;
  others: readonly string[];
  /** As its caller ordered it. */
  order: object;
  parentTenantId: string | undefined;
}

/** What is looked up of earlier runs: once another run has had its turn it may not be so any more. */
export const earlierRunSteps = ['earlierRuns', 'checkSameOrder'] as const;

/** Asks for earlier runs of the key, beside the first looks. Fails with `Different` when one completed with another order and its tenant is there. */
export async function askForEarlierRuns(
  { steps, cloud, mark, revision }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'mark' | 'revision'>,
  { kind, operation, others, order, parentTenantId }: ToMake,
): Promise<EarlierRuns> {
  if (revision < ONE_PER_KEY) return NONE;
  const earlier = await steps.earlierRuns({ cloud, mark, operation, others, order });
  return await withSameOrder(steps, earlier, { cloud, mark, kind, parentTenantId });
}

/** Tells whether the login can be given to the tenant of the key, wherever an earlier run has made that. */
export async function checkLogin(
  steps: Pick<Steps, 'lookUp'>,
  { role, ...spec }: ActivityInput<'checkLogin'> & { role: string },
  earlier: Promise<EarlierRuns>,
): Promise<Member> {
  const runs = await earlier;
  const completed = runs.same && { ...runs.same, role };
  return await steps.lookUp(
    'checkLogin',
    { ...spec, ...traces(runs), ...(completed && { completed }) },
    { summary: `Is ${spec.person.login} free?` },
  );
}

/** Brings an adopted tenant to what the order says. Only once this run has the turn there. An undo puts back what was another run's. */
export async function updateAdoptedTenant(
  { steps, cloud, revision }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'revision'>,
  { tenantId, unlike, former, found }: Pick<MarkedTenant, 'tenantId' | 'unlike' | 'former' | 'found'>,
  { name, language, contact, customerId }: TenantTexts & { customerId?: string },
): Promise<void> {
  if (revision < ONE_PER_KEY || unlike !== true) return;
  const texts = { name, language, ...(contact === undefined ? {} : { contact }) };
  await steps.run(
    'updateTenant',
    { cloud, tenantId, texts, ...(customerId && { customerId }), ...(found && { found }) },
    {
      summary: `${name}, as ordered`,
      ...(former && { undo: ['restoreAdoptedTenant', { cloud, tenantId, ...former, came: null }] as const }),
    },
  );
}

/** Looks once more for a second tenant where there may be one: a call whose answer was lost can take effect minutes later. */
export async function removeDoubles(
  {
    steps,
    cloud,
    mark,
    restarted,
    revision,
    since,
  }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'mark' | 'restarted' | 'revision' | 'since'>,
  { kind, name, tenantId, parentTenantId, doubted, another }: Double,
): Promise<void> {
  if (revision < ONE_PER_KEY || (restarted !== true && doubted !== true)) return;
  const spec = { cloud, mark, kind, parentTenantId, tenantId, name, ...(since && { since }) };
  const late = restarted === true || another === true ? { another: true } : {};
  steps.setFacts({
    leftovers: await steps.run('removeDoubles', { ...spec, ...late }, { summary: 'Is there a second tenant?' }),
  });
}

interface Double {
  kind: 'customer' | 'partner';
  /** As ordered. */
  name: string;
  tenantId: string;
  parentTenantId: string;
  doubted?: boolean;
  another?: boolean;
}

interface Creation {
  parentTenantId: string;
  /** Absent when no user is ordered. */
  member: Member | undefined;
  earlier: EarlierRuns;
}

/** What the step that ensures the tenant of a customer or partner needs, and what its undo must know. */
export function creation(
  { cloud, mark, first, revision, since }: OperationContext<unknown>,
  { name, customerId, contact }: { name: string; customerId?: string; contact?: { email: string } },
  { parentTenantId, member, earlier }: Creation,
) {
  const place = { cloud, mark, parentTenantId };
  const look = !first || member?.userId !== undefined || earlier.known !== 'none';
  return {
    input: {
      ...place,
      ...traces(earlier),
      ...(earlier.runs && { runs: earlier.runs }),
      look,
      updates: revision >= ONE_PER_KEY,
    },
    undo: {
      ...place,
      // its first user is this run's once it has been created
      logins: [],
      name,
      customerId: customerId ?? null,
      ...(contact && { email: contact.email }),
      ...(since && { since }),
      came: null,
    },
  };
}

/** What the step that ensures the tenant may know of earlier runs. */
function traces({ tenants, parents, made = [] }: EarlierRuns): Traces {
  return {
    ...(tenants.length === 0 ? {} : { tenants }),
    ...(parents.length === 0 ? {} : { parents }),
    ...(made.length === 0 ? {} : { made }),
  };
}

interface Traces {
  tenants?: string[];
  parents?: string[];
  made?: MadeBefore[];
}
