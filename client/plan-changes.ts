import type { Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { TenantryError } from '../contract/errors.js';
import {
  PLAN_CHANGES_QUERY,
  PLANS_QUERY,
  type OfferedTerms,
  type PlanChanges,
  type PlanVersion,
} from '../contract/plan-changes.js';
import type { PlanTerms } from '../contract/sales-plans.js';
import { inBatches } from './batches.js';
import { listCustomers } from './customer-list.js';
import { isIn } from './observed-customers.js';
import { queryStatus } from './query-status.js';

/** What plans mean now; undefined for a plan that is not there any more. */
export type TermsNow = (of: Pick<PlanVersion, 'source' | 'plan'>) => PlanTerms | undefined;

interface Asked {
  cloud: string;
  taskQueue: string;
  /** These customers; all of the cloud unless given. */
  refs?: readonly string[] | undefined;
  termsNow: TermsNow;
  onRead?: (done: number, all: number) => void;
}

/** What the plans, as they are now, would change. */
export interface PlanPreview {
  cloud: string;
  /** The customers that have other terms now, by reference. */
  customers: PlanChanges[];
  /** The versions that they would get. */
  plans: PlanVersion[];
  /** Plans that customers have and that are not there any more: the customers keep their terms. */
  absent: { source: string; plan: string; customers: number }[];
}

/** One customer and its plans. */
interface PlansOfOne {
  id: string;
  used: PlanVersion[];
}

/**
 * Asks customers what the present terms of their plans would change. Changes nothing. Refused, with every reference that
 * nobody knows. Fails as `unavailable` when one does not answer.
 */
export async function planChanges(client: Client, asked: Asked): Promise<PlanPreview> {
  const { cloud, termsNow, taskQueue, onRead = () => undefined } = asked;
  const ids = await idsOf(client, asked);
  const all = await inBatches(
    ids,
    async (id) => ({ id, used: await plansOf(client, id, taskQueue) }),
    (done) => onRead(done, ids.length),
  );
  const known = all.flatMap(({ id, used }) => (used === undefined ? [] : [{ id, used }]));
  if (asked.refs !== undefined) refuseUnknown(asked, known);
  const affected = known
    .map(({ id, used }) => ({ id, offered: offeredTo(used, termsNow) }))
    .filter(({ offered }) => offered.length > 0);
  const customers = await inBatches(affected, async ({ id, offered }) => {
    const question = { id, query: PLAN_CHANGES_QUERY, args: [offered], taskQueue };
    return (await queryStatus<PlanChanges>(client, question)) ?? [];
  });
  const versions = affected.flatMap(({ offered }) => offered.map(toVersion));
  return {
    cloud,
    customers: customers.flat().toSorted((one, other) => (one.ref < other.ref ? -1 : 1)),
    plans: [...new Map(versions.map((one) => [JSON.stringify(one), one])).values()],
    absent: absentOf(known, termsNow),
  };
}

async function idsOf(client: Client, { cloud, refs }: Asked): Promise<string[]> {
  if (refs !== undefined) return refs.map((ref) => customerWorkflowId(ref, cloud));
  return (await listCustomers(client, {})).map(({ id }) => id).filter((id) => isIn(id, cloud));
}

/** Undefined when there is no such customer. */
async function plansOf(client: Client, id: string, taskQueue: string): Promise<PlanVersion[] | undefined> {
  return await queryStatus<PlanVersion[]>(client, { id, query: PLANS_QUERY, taskQueue });
}

function refuseUnknown({ cloud, refs = [] }: Asked, known: readonly PlansOfOne[]): void {
  const unknown = refs.filter((ref) => !known.some(({ id }) => id === customerWorkflowId(ref, cloud)));
  if (unknown.length === 0) return;
  const problems = unknown.map((ref) => `no source has spoken of a customer ${ref}`);
  throw new TenantryError('refused', `Nothing is changed: ${problems.join('; ')}.`);
}

/** The present terms of plans of which a customer has another version. */
function offeredTo(used: readonly PlanVersion[], termsNow: TermsNow): OfferedTerms[] {
  const others = used.flatMap(({ source, plan, digest }) => {
    const terms = termsNow({ source, plan });
    return terms === undefined || terms.digest === digest ? [] : [{ source, terms }];
  });
  return [...new Map(others.map((one) => [JSON.stringify(toVersion(one)), one])).values()];
}

function toVersion({ source, terms: { name: plan, digest } }: OfferedTerms): PlanVersion {
  return { source, plan, digest };
}

function absentOf(known: readonly PlansOfOne[], termsNow: TermsNow): PlanPreview['absent'] {
  const count = new Map<string, PlanPreview['absent'][number]>();
  for (const { used } of known) {
    const absent = used.filter((one) => termsNow(one) === undefined).map(({ source, plan }) => ({ source, plan }));
    for (const key of new Set(absent.map((one) => JSON.stringify(one)))) {
      const { customers = 0 } = count.get(key) ?? {};
      count.set(key, { ...(JSON.parse(key) as { source: string; plan: string }), customers: customers + 1 });
    }
  }
  return [...count.values()];
}
