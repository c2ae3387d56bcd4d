import type { Member } from '../../activities/members.js';
import type { MarkedTenant, TenantTexts } from '../../activities/tenant-adoption.js';
import type { Spec } from '../kernel/calling.js';
import { withSameOrder } from './earlier-runs.js';
import { NONE, type EarlierRuns, type MadeBefore } from '../../contract/earlier-runs.js';
import type { Begun } from '../kernel/operation.js';
import { ONE_PER_KEY } from '../../contract/revision.js';
import type { Teller } from '../kernel/step-runner.js';

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
export const ofEarlierRuns = ['earlierRuns', 'checkSameOrder'] as const;

/** Asks for earlier runs of the key, beside the first looks. Fails with `Different` when one completed with another order and its tenant is there. */
export async function askForEarlierRuns(
  { run, cloud, mark, revision }: Pick<Begun<unknown>, 'run' | 'cloud' | 'mark' | 'revision'>,
  { kind, operation, others, order, parentTenantId }: ToMake,
): Promise<EarlierRuns> {
  if (revision < ONE_PER_KEY) return NONE;
  const earlier = await run.earlier({ cloud, mark, operation, others, order });
  return await withSameOrder(run, earlier, { cloud, mark, kind, parentTenantId });
}

/** Tells whether the login can be given to the tenant of the key, wherever an earlier run has made that. */
export async function checkLogin(
  run: Pick<Teller, 'look'>,
  { role, ...spec }: Spec<'checkLogin'> & { role: string },
  earlier: Promise<EarlierRuns>,
): Promise<Member> {
  const runs = await earlier;
  const completed = runs.same && { ...runs.same, role };
  return await run.look(
    'checkLogin',
    { ...spec, ...traces(runs), ...(completed && { completed }) },
    { summary: `Is ${spec.person.login} free?` },
  );
}

/** Brings an adopted tenant to what the order says. Only once this run has the turn there. An undo puts back what was another run's. */
export async function bringUpToDate(
  { run, cloud, revision }: Pick<Begun<unknown>, 'run' | 'cloud' | 'revision'>,
  { tenantId, unlike, former }: Pick<MarkedTenant, 'tenantId' | 'unlike' | 'former'>,
  { name, language, contact }: TenantTexts,
): Promise<void> {
  if (revision < ONE_PER_KEY || unlike !== true) return;
  const texts = { name, language, ...(contact === undefined ? {} : { contact }) };
  await run.step(
    'updateTenant',
    { cloud, tenantId, texts },
    {
      summary: `${name}, as ordered`,
      ...(former && { undo: ['restoreAdoptedTenant', { cloud, tenantId, ...former, came: null }] as const }),
    },
  );
}

/** Looks once more for a second tenant where there may be one: a call whose answer was lost can take effect minutes later. */
export async function lookForDoubles(
  {
    run,
    cloud,
    mark,
    reset,
    revision,
    since,
  }: Pick<Begun<unknown>, 'run' | 'cloud' | 'mark' | 'reset' | 'revision' | 'since'>,
  { kind, name, tenantId, parentTenantId, doubted, another }: Double,
): Promise<void> {
  if (revision < ONE_PER_KEY || (reset !== true && doubted !== true)) return;
  const spec = { cloud, mark, kind, parentTenantId, tenantId, name, ...(since && { since }) };
  const late = reset === true || another === true ? { another: true } : {};
  run.know({
    leftovers: await run.step('removeDoubles', { ...spec, ...late }, { summary: 'Is there a second tenant?' }),
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

/** What may be told of earlier runs to the step that ensures the tenant. */
export function traces({ tenants, parents, made = [] }: EarlierRuns): Traces {
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
