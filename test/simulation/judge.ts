import type { InProcessSimulator } from '../../simulator/index.js';
import type { Notice } from '../../workflows/shared/notice.js';
import type { OperationStatus } from '../../workflows/shared/status.js';
import type { Plan } from './plan.js';
import { lacking, unlike, type Portrait } from './portrait.js';
import type { Input, Subject } from './subjects.js';

/** A run that has closed, simulated or real, and the world around it. */
export interface Ended {
  plan: Plan;
  subject: Subject;
  input: Input;
  status: OperationStatus;
  /** How Temporal says that it closed. */
  closed: 'completed' | 'failed' | 'cancelled';
  /** Under which state it is found. */
  found: string;
  memory: InProcessSimulator['memory'];
  unknownRoutes: readonly string[];
  before: Portrait;
  after: Portrait;
  notices: readonly Notice[];
  /** Times that the run was blocked, and for what. */
  blocks: readonly string[];
  /** Who else has moved into its tenant. */
  strangers: readonly string[];
  /** How often the mail was asked for without an answer that says whether it was sent. */
  mailsUnanswered: number;
}

const MOST_MAILS = 2;
/** How a tenant is named whose creation was never answered, and which could not be looked for. */
const UNKNOWN = 'unknown, marked for ';

/** What there must be when a run has completed: the whole world, and what of it is written down by hand. */
export type Measure = (ended: Ended) => Promise<{ whole: Portrait; asked: Portrait }>;

/** Everything that is not as the product promises; nothing when the run was as it should be. */
export async function judge(ended: Ended, measure: Measure): Promise<string[]> {
  return [
    ...(await worldProblems(ended, measure)),
    ...closingProblems(ended),
    ...effectProblems(ended),
    ...peopleProblems(ended),
  ];
}

async function worldProblems(ended: Ended, measure: Measure): Promise<string[]> {
  const { before, after, strangers, plan, status } = ended;
  const evicted = strangers.filter((login) => after[`users ${login}`] === undefined);
  const lost = evicted.map((login) => `${login}, who had moved in, was removed`);
  const kept = without(after, strangers);
  if (status.state === 'completed') {
    const { whole, asked } = await measure(ended);
    // two of which nobody knows may both have been lost, and a third is never sent
    const missing = ended.mailsUnanswered < MOST_MAILS ? [] : mailsIn(whole).filter((label) => !(label in kept));
    const open = [...missing, ...labelsInDoubt(ended, whole)];
    const there = { ...kept, ...Object.fromEntries(open.map((label) => [label, whole[label]])) };
    return [...lost, ...differing(whole, there, 'not as asked'), ...lacking(asked, there)];
  }
  if ('reason' in status && status.reason.type === 'Kept') {
    const { whole } = await measure(ended);
    // what the operation changes may be half done
    const touched = unlike(before, whole).map((label) => [label, before[label]] as const);
    const others = { ...overlap(kept, before), ...Object.fromEntries(touched) };
    return [...lost, ...differing(before, others, 'of others, but not as before')];
  }
  if ('leftovers' in status && status.leftovers !== undefined)
    return [...lost, ...differing(before, withoutLeftovers(ended, kept), 'neither as before nor named')];
  return [...lost, ...differing(before, kept, `not as before although the run is ${status.state} (${plan.onFailure})`)];
}

function mailsIn(world: Portrait): string[] {
  return Object.keys(world).filter((label) => label.startsWith('mail to '));
}

/** Where things are of which a completed run says that nobody can tell whose they are. */
function labelsInDoubt({ status, memory }: Ended, whole: Portrait): string[] {
  const { report } = status as { report?: { inDoubt?: string[] } };
  const places = (report?.inDoubt ?? []).map((id) => memory.reports.get(id)?.tenantId ?? '');
  const labels = places.map((id) => `reports in ${memory.tenants.get(id)?.name ?? ''}`);
  return labels.filter((label) => !(label in whole));
}

function differing(wanted: Portrait, there: Portrait, what: string): string[] {
  return unlike(wanted, there).map(
    (label) => `${label}: ${what}: ${JSON.stringify(there[label])} for ${JSON.stringify(wanted[label])}`,
  );
}

/** The world without what strangers brought. */
function without(world: Portrait, logins: readonly string[]): Portrait {
  return Object.fromEntries(Object.entries(world).filter(([label]) => !logins.some((login) => label.endsWith(login))));
}

/** Of what is there now, that which was there before. */
function overlap(world: Portrait, before: Portrait): Portrait {
  return Object.fromEntries(Object.entries(world).filter(([label]) => label in before));
}

/** These are drawn with others of their tenant. */
const ofTenants = new Set(['setting', 'api-client', 'report', 'group']);

/** The world without what the status names: a tenant with all that lies in it, or one thing. What went with a tenant that is named as deleted counts as there. */
function withoutLeftovers({ memory, before, status }: Ended, world: Portrait): Portrait {
  const { leftovers = [] } = status as Extract<OperationStatus, { state: 'failed' }>;
  const named = leftovers.flatMap(({ id }) => {
    const fits = (user: { id: string; tenant_id: string; login: string }) =>
      user.tenant_id === id || user.id === id || id.endsWith(` ${user.login}`);
    const users = [...memory.users.values()].filter(fits);
    const marked = id.startsWith(UNKNOWN) ? tenantsMadeBy(memory, before) : [];
    return [
      ...marked,
      memory.tenants.get(id)?.name,
      memory.clients.get(id)?.tenant_id,
      memory.tenants.get(memory.resources.get(id)?.tenantId ?? '')?.name,
      ...users.map(({ login }) => login),
    ];
  });
  const belongs = (label: string) => named.some((name) => name !== undefined && label.endsWith(` ${name}`));
  const setting = leftovers.some(({ kind }) => ofTenants.has(kind));
  const deleted = leftovers.some(({ id }) => typeof memory.tenants.get(id)?.deleted_at === 'string');
  // a setting may have been another, or gone; what is deleted is gone
  const settled = setting || deleted ? Object.entries(before).filter(([label]) => belongs(label)) : [];
  const rest = Object.entries({ ...world, ...Object.fromEntries(settled) });
  return Object.fromEntries(rest.filter(([label]) => label in before || !belongs(label))) as Portrait;
}

/** Tenants that bear a mark of ours and were not there before. */
function tenantsMadeBy({ tenants }: Ended['memory'], before: Portrait): string[] {
  const ours = [...tenants.values()].filter(({ internal_tag }) => internal_tag?.startsWith('tenantry:'));
  return ours.map(({ name }) => name).filter((name) => !(`tenants ${name}` in before));
}

function closingProblems({ status, closed, found }: Ended): string[] {
  const fitting: Partial<Record<OperationStatus['state'], Ended['closed']>> = {
    completed: 'completed',
    cancelled: 'cancelled',
    undone: 'failed',
    failed: 'failed',
  };
  return [
    ...(closed === fitting[status.state] ? [] : [`a run that is ${status.state} closed as ${closed}`]),
    ...(found === status.state ? [] : [`a run that is ${status.state} is found as ${found}`]),
  ];
}

/** A thing is made once, however often it was tried; only the mail may come twice. */
function effectProblems({ memory, unknownRoutes }: Ended): string[] {
  const tenants = twice([...memory.tenants.values()].map(({ internal_tag, name }) => internal_tag ?? name));
  const users = twice([...memory.users.values()].map(({ login, tenant_id }) => `${login} in ${tenant_id}`));
  const mails = [...new Set(memory.mails.map(({ login }) => login))].filter(
    (login) => memory.mails.filter((mail) => mail.login === login).length > MOST_MAILS,
  );
  return [
    ...tenants.map((tag) => `the tenant ${tag} was made twice`),
    ...users.map((user) => `the user ${user} was made twice`),
    ...mails.map((login) => `${login} got more than two mails`),
    ...unknownRoutes.map((route) => `unknown route ${route}`),
  ];
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** Whoever is to decide must have been told. */
function peopleProblems({ blocks, notices, status }: Ended): string[] {
  if (blocks.length > 0 && notices.length === 0) return ['the run was blocked and nobody was told'];
  return status.steps.some(({ state }) => state === 'running') ? ['a step is running in a run that has closed'] : [];
}
