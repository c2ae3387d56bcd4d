import type { FoundMember } from '../../activities/members.js';
import type { MarkedTenant } from '../../activities/tenant-adoption.js';
import type { ReconciledFields } from '../../activities/tenant-texts.js';
import type { EarlierRuns } from '../../contract/earlier-runs.js';
import type { Activation, Person } from '../../contract/orders.js';
import type { TurnGrant } from '../../contract/turn-queue.js';
import type { OperationContext } from '../kernel/operation.js';
import {
  checkLogin,
  earlierRunSteps,
  findEarlierRuns,
  rememberTenant,
  toCreation,
  updateAdoptedTenant,
} from './provisioning.js';
import { checkPassword } from './references.js';
import { waitedForMaker } from './take-target.js';

type Context = Omit<OperationContext<unknown>, 'order'>;

/** What an operation says of the tenant that it creates, and of its first user. */
export interface NewTenant<Offer> {
  kind: 'customer' | 'partner';
  /** The operation, the others that create such tenants, and the order as the caller wrote it. */
  operation: string;
  others: readonly string[];
  ordered: object;
  tenant: ReconciledFields & { customerId?: string; parentTenantId?: string };
  /** The first user, if one is ordered, with its role, and its field in the order. */
  person: Person | undefined;
  role: string;
  field: 'administrator' | 'user';
  activation: Activation;
  /** The step that looks up what the tenant can get. */
  offerStep: 'findOfferingItems' | 'findPartnerItems';
  findOffer(reportFirst: Promise<EarlierRuns>): Promise<Offer>;
  /** The step that creates or adopts the tenant. */
  ensureStep: 'ensureCustomerTenant' | 'ensurePartnerTenant';
  ensure(creation: ReturnType<typeof toCreation>): Promise<MarkedTenant>;
}

interface Found<Offer> {
  offer: Offer;
  /** Absent when no user is ordered. */
  member: FoundMember | undefined;
  earlier: EarlierRuns;
  turn: TurnGrant;
}

/**
 * Makes the look-ups and creates the tenant, or adopts the one of the key and brings it to what the order says. The run
 * has the turn at the tenant afterwards.
 */
export async function ensureTenant<Offer extends { parentTenantId: string }>(
  context: Context,
  spec: NewTenant<Offer>,
): Promise<{ tenant: MarkedTenant; offer: Offer; member: FoundMember | undefined }> {
  const { cloud, steps } = context;
  const startAgain = async () => await ensureTenant({ ...context, first: false }, spec);
  const { turn, ...found } = await lookAhead(context, spec);
  if (turn.waited) {
    // another run for this key had its turn meanwhile: the look-ups are outdated
    for (const step of [spec.offerStep, 'checkLogin', ...earlierRunSteps] as const) steps.invalidate(step);
    return await startAgain();
  }
  const { parentTenantId } = found.offer;
  const beginning = { ...context, first: context.first && !turn.known };
  // the queue knows of an earlier run that Temporal's search does not list yet, so nobody knows how that has ended
  const unlisted = turn.known && found.earlier.known === 'none';
  const earlier = { ...found.earlier, ...(unlisted && { lost: true as const }) };
  const tenant = await spec.ensure(toCreation(beginning, spec.tenant, { parentTenantId, ...found, earlier }));
  const repeat = ['checkLogin', spec.ensureStep, ...earlierRunSteps] as const;
  if (await waitedForMaker(steps, { cloud, ...tenant, repeat })) return await startAgain();
  steps.setFacts({ tenantId: tenant.tenantId, partnerId: parentTenantId });
  rememberTenant(context, { ...tenant, parentTenantId }, spec.tenant);
  await updateAdoptedTenant(context, tenant, spec.tenant);
  return { tenant, offer: found.offer, member: found.member };
}

/** All look-ups that are possible before anything is created. */
async function lookAhead<Offer>(context: Context, spec: NewTenant<Offer>): Promise<Found<Offer>> {
  const { cloud, mark, revision, steps } = context;
  const { kind, operation, others, ordered, person, role, field, activation } = spec;
  const { parentTenantId } = spec.tenant;
  const earlierRuns = findEarlierRuns(context, { kind, operation, others, order: ordered, parentTenantId });
  const login = person && checkLogin(steps, { cloud, mark, kind, parentTenantId, person, field, role }, earlierRuns);
  const [offer, member, earlier, turn] = await steps.allSettled(
    spec.findOffer(earlierRuns),
    login,
    earlierRuns,
    steps.takeTurnOfKey({ cloud, mark }),
    checkPassword(steps, { cloud, activation, revision }, login),
  );
  return { offer, member, earlier, turn };
}
