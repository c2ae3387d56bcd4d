import { defaultPayloadConverter } from '@temporalio/common';
import type { OperationStatus } from '../../workflows/shared/status.js';
import type { Played } from './play.js';
import { lacking, unlike, type Portrait } from './portrait.js';
import type { Payload } from './worker.js';

/** What there must be when a run has completed: the whole world, and what of it is written down by hand. */
export type Measure = (played: Played) => Promise<{ whole: Portrait; asked: Portrait }>;

/** The final status of a closed run, from where people find it. */
export function finalStatus({ run }: Played): OperationStatus {
  const { completeWorkflowExecution: completed, failWorkflowExecution: failed } = run.closing!;
  const details = failed?.failure?.applicationFailureInfo?.details?.payloads?.[0];
  const payload = completed?.result ?? details;
  return (payload ? read(payload) : run.memo['tenantryFinalStatus']) as OperationStatus;
}

/** Everything that is not as the product promises; nothing when the run was as it should be. */
export async function judge(played: Played, measure: Measure): Promise<string[]> {
  const status = finalStatus(played);
  return [
    ...(await worldProblems(played, status, measure)),
    ...closingProblems(played, status),
    ...effectProblems(played),
    ...peopleProblems(played, status),
  ];
}

async function worldProblems(played: Played, status: OperationStatus, measure: Measure): Promise<string[]> {
  const { before, after, strangers, plan } = played;
  const evicted = strangers.filter((login) => after[`users ${login}`] === undefined);
  const lost = evicted.map((login) => `${login}, who had moved in, was removed`);
  const kept = without(after, strangers);
  if (status.state === 'completed') {
    const { whole, asked } = await measure(played);
    return [...lost, ...differing(whole, kept, 'not as asked'), ...lacking(asked, kept)];
  }
  if ('reason' in status && status.reason.type === 'Kept')
    return [...lost, ...differing(before, overlap(kept, before), 'of others, but not as before')];
  if ('leftovers' in status && status.leftovers !== undefined)
    return [...lost, ...differing(before, withoutLeftovers(played, status, kept), 'neither as before nor named')];
  return [...lost, ...differing(before, kept, `not as before although the run is ${status.state} (${plan.onFailure})`)];
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

/** The world without what the status names: a tenant with all that lies in it, or a user. */
function withoutLeftovers({ simulator, before }: Played, status: OperationStatus, world: Portrait): Portrait {
  const { leftovers = [] } = status as Extract<OperationStatus, { state: 'failed' }>;
  const { memory } = simulator;
  const named = leftovers.flatMap(({ id }) => {
    const users = [...memory.users.values()].filter((user) => user.tenant_id === id || user.id === id);
    return [memory.tenants.get(id)?.name, ...users.map(({ login }) => login)];
  });
  const belongs = (label: string) => named.some((name) => name !== undefined && label.endsWith(` ${name}`));
  return Object.fromEntries(Object.entries(world).filter(([label]) => label in before || !belongs(label)));
}

function closingProblems({ run }: Played, status: OperationStatus): string[] {
  const [how = ''] = Object.keys(run.closing ?? {}).filter((name) => name.endsWith('WorkflowExecution'));
  const fitting: Partial<Record<OperationStatus['state'], string>> = {
    completed: 'completeWorkflowExecution',
    cancelled: 'cancelWorkflowExecution',
    undone: 'failWorkflowExecution',
    failed: 'failWorkflowExecution',
  };
  const wrong = how !== fitting[status.state] ? [`a run that is ${status.state} closed by ${how}`] : [];
  const found = run.attributes['TenantryState'];
  return found === status.state ? wrong : [...wrong, `a run that is ${status.state} is found as ${String(found)}`];
}

/** A thing is made once, however often it was tried; only the mail may come twice. */
function effectProblems({ simulator }: Played): string[] {
  const { memory } = simulator;
  const tenants = twice([...memory.tenants.values()].map(({ internal_tag, name }) => internal_tag ?? name));
  const users = twice([...memory.users.values()].map(({ login, tenant_id }) => `${login} in ${tenant_id}`));
  const mails = [...new Set(memory.mails.map(({ login }) => login))].filter(
    (login) => memory.mails.filter((mail) => mail.login === login).length > 2,
  );
  return [
    ...tenants.map((tag) => `the tenant ${tag} was made twice`),
    ...users.map((user) => `the user ${user} was made twice`),
    ...mails.map((login) => `${login} got more than two mails`),
    ...simulator.unknownRoutes.map((route) => `unknown route ${route}`),
  ];
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** Whoever is to decide must have been told. */
function peopleProblems({ blocks, notices }: Played, status: OperationStatus): string[] {
  if (blocks.length > 0 && notices.length === 0) return ['the run was blocked and nobody was told'];
  return status.steps.some(({ state }) => state === 'running') ? ['a step is running in a run that has closed'] : [];
}

function read(payload: Payload): unknown {
  return defaultPayloadConverter.fromPayload(payload);
}
