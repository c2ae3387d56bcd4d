import type { OperationContext } from '../kernel/operation.js';
import type { Amendable } from '../decisions/amendments.js';
import { AMENDS_PROTECTION } from '../../contract/revision.js';
import { possibleDoubles } from '../parts/possible-doubles.js';
import { waitingSteps, type ProtectionOrder } from './contract.js';
import { findPlan, makePlan, planForMore } from './plan.js';
import type { ProtectionProgress } from './progress.js';
import { waitForNews } from './wait.js';

type Context = Pick<OperationContext<ProtectionOrder>, 'order' | 'mark' | 'steps' | 'since' | 'wasReset' | 'revision'>;

/** Where the run works. */
interface Place {
  cloud: string;
  tenantId: string;
}

/** The steps that use each part of a `ProtectionOrder`. `below`: the field of the input that has it, if it is nested. */
export function protectionAmendable(below = ''): Amendable {
  return {
    [`${below}template`]: ['ensurePlan'],
    [`${below}plan`]: ['ensurePlan'],
    [`${below}backup`]: ['ensurePlan'],
    [`${below}agents`]: [],
    [`${below}remindAfter`]: [],
    [`${below}tokenSeconds`]: ['issueAgentToken'],
    [`${below}secret`]: ['issueAgentToken'],
  };
}

/** Makes the plan, and a token where machines are missing. The run must have its turn at the tenant. Answers the plan's id. */
export async function prepareProtection(context: Context, place: Place, progress: ProtectionProgress): Promise<string> {
  const { order, steps, revision } = context;
  progress.revision = revision;
  const { registered, plan } = await lookFirst(context, place, progress);
  const planId = plan ?? (await makePlan(context, place, progress));
  progress.hasPlan(planId, order);
  if (registered < order.agents) await issueToken(context, place, progress);
  else {
    steps.leaveOut('issueAgentToken');
    progress.needsNoTokenYet();
  }
  steps.setFacts({ protection: progress.about(order.agents) });
  return planId;
}

async function lookFirst({ order, steps, since }: Context, place: Place, progress: ProtectionProgress) {
  const [{ planId: plan }, sight] = await steps.allSettled(
    findPlan({ order, steps }, place, progress),
    steps.lookUp('findProtection', { ...place, ...(since && { since }) }, { summary: 'Which machines are there?' }),
  );
  if (progress.seen === undefined) progress.record(sight, order.agents, Date.now());
  return { registered: sight.machines.registered, plan };
}

/** Issues a token with which machines register, and stores it. */
async function issueToken(
  { order, mark, wasReset, steps }: Context,
  place: Place,
  progress: ProtectionProgress,
): Promise<void> {
  const { secret, tokenSeconds: expiresInSeconds } = order;
  const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];
  const kept = { ...place, mark, secret };
  const mayReuse = progress.isStepByStep && wasReset !== true;
  const { known, usable } = await steps.lookUp(
    'findAgentTokens',
    {
      ...kept,
      ...(wasReset && { afterReset: { scopes, expiresInSeconds } }),
      ...(mayReuse && { reuse: { scopes, seconds: Math.ceil(expiresInSeconds / 2) } }),
    },
    { summary: 'Which tokens are there?' },
  );
  if (usable !== undefined) {
    steps.alreadyDone('issueAgentToken');
    return progress.reusesToken(
      { secretRef: `store:${secret}`, expiresAt: usable.expiresAt },
      expiresInSeconds,
      Date.now(),
    );
  }
  const spec = { ...kept, scopes, expiresInSeconds, known };
  const {
    tokenId: id,
    expiresAt,
    inDoubt = [],
  } = await steps.run(
    'issueAgentToken',
    { ...spec, look: wasReset === true },
    { summary: `Stored as ${secret}`, undo: ['revokeAgentToken', { ...spec, earlier: progress.tokens, came: null }] },
  );
  if (inDoubt.length > 0) steps.setFacts({ leftovers: possibleDoubles('agent-token', inDoubt) });
  progress.hasToken({ secretRef: `store:${secret}`, expiresAt }, { id, seconds: expiresInSeconds, now: Date.now() });
}

/** Waits for machines and backups, and applies the plan to each machine that has none. */
export async function protectMachines(
  context: Context,
  place: Place & { planId: string },
  progress: ProtectionProgress,
) {
  const { order, steps } = context;
  const { cloud, tenantId } = place;
  let { planId } = place;
  if (context.revision >= AMENDS_PROTECTION) {
    progress.expects(order.agents, Date.now());
    steps.setFacts({ protection: progress.about(order.agents) });
  }
  const renewToken = async () => {
    for (const step of ['findAgentTokens', 'issueAgentToken'] as const) steps.invalidate(step);
    await inTurn(context, place, async () => await issueToken(context, place, progress));
    steps.setFacts({ protection: progress.about(order.agents) });
  };
  do {
    const resourceIds = progress.newMachines;
    if (resourceIds.length > 0) {
      progress.givePlanTo(resourceIds);
      await inTurn(context, place, async () => {
        if (progress.isStepByStep) planId = await planForMore(context, place, progress);
        await applyPlan(context, { cloud, tenantId, planId, resourceIds }, progress);
      });
      progress.hasPlan(planId, order);
    }
    if (progress.isStepByStep && Date.now() >= progress.tokenDueAt(order.agents)) await renewToken();
    if (!progress.hasReached('protected'))
      await waitForNews(context, { place: { cloud, tenantId }, progress, renewToken });
    steps.setFacts({ protection: progress.about(order.agents) });
  } while (!progress.hasReached('protected') || progress.newMachines.length > 0);
  for (const step of waitingSteps) steps.alreadyDone(step);
}

/** Applies the plan to machines that have none by now either, and are still there. */
async function applyPlan(
  { steps, wasReset }: Context,
  where: Place & { planId: string; resourceIds: string[] },
  progress: ProtectionProgress,
): Promise<void> {
  const { resourceIds } = where;
  const summary = `On ${resourceIds.length} machine${resourceIds.length === 1 ? '' : 's'}`;
  if (progress.isStepByStep) steps.invalidate('applyPlan');
  const input = { ...where, onlyBare: true, look: wasReset === true };
  const { notThere = [] } = await steps.run('applyPlan', input, { summary });
  progress.hasGivenPlanTo(resourceIds.filter((id) => !notThere.includes(id)));
}

/** Others can change the tenant between two changes of this run, which may be months apart. */
async function inTurn({ steps }: Context, { cloud, tenantId }: Place, change: () => Promise<unknown>): Promise<void> {
  await steps.takeTurn({ cloud, tenantId });
  await change();
  await steps.giveBackTurn();
}
