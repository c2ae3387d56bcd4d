import type { InProcessSimulator } from '../../simulator/index.js';
import { markWithoutUndo } from '../../contract/mark.js';
import type { Notice } from '../../contract/notices.js';
import type { Leftover, OperationStatus } from '../../contract/status.js';
import type { Plan } from './plan.js';
import {
  withOthersSettings,
  settingsByNamesNow,
  findHarm,
  fileShape,
  unusableResults,
  withoutTheirRoles,
} from './harm.js';
import { withoutLeftovers } from './leftovers.js';
import { missingFields, snapshot, differences, type Snapshot } from './snapshot.js';
import type { Strangers } from './strangers.js';
import type { Input, Subject } from './subjects.js';

/** A run that has closed, simulated or real, and the world around it. */
export interface EndedRun {
  plan: Plan;
  subject: Subject;
  input: Input;
  status: OperationStatus;
  /** How it closed in Temporal. */
  closed: 'completed' | 'failed' | 'cancelled';
  /** The state in its search attribute. */
  found: string;
  memory: InProcessSimulator['memory'];
  unknownRoutes: readonly string[];
  before: Snapshot;
  after: Snapshot;
  notices: readonly Notice[];
  /** The reason of each time that the run was blocked. */
  blocks: readonly string[];
  /** The name of each tenant when the run started, by id. */
  formerNames: ReadonlyMap<string, string>;
  /** Tenants that somebody could have used when the run started. */
  tenantsInUse: ReadonlySet<string>;
  /** What other people did. */
  strangers: Pick<Strangers, 'belongings' | 'settings' | 'switched' | 'accounts'>;
  /** Whether the run has changed something at this path, or cannot know it. */
  mayHaveChanged(path: string): boolean;
  /** The texts of the files that the run has stored. */
  files: readonly string[];
  /** How many mail calls had no answer that says whether the mail was sent. */
  mailsUnanswered: number;
  /** How many calls the cloud has seen, without those for the token of the API client. */
  callsMade: number;
}

const MOST_MAILS = 2;
/** A run must survive this many faults of one call. */
const ENOUGH_PATIENCE_FOR = 2;
/** Traits that make one call fail repeatedly. */
const wearingTraits = new Set<string>(['proxies', 'lateAnswers', 'slowBodies']);
/** What a completed run must leave: the whole world, and the part that the model writes down by hand. */
export type FindExpectedEnd = (
  ended: EndedRun,
) => Promise<{ whole: Snapshot; asked: Snapshot; shapes: readonly string[] }>;

/** Everything that breaks a promise of the product. */
export async function findProblems(ended: EndedRun, measure: FindExpectedEnd): Promise<string[]> {
  return [
    ...(await worldProblems(ended, measure)),
    ...(await fileProblems(ended, measure)),
    ...findHarm(ended),
    ...unusableResults(ended),
    ...gaveUpTooEarly(ended),
    ...closingProblems(ended),
    ...effectProblems(ended),
    ...noticeProblems(ended),
  ];
}

async function worldProblems(ended: EndedRun, measure: FindExpectedEnd): Promise<string[]> {
  const { before, after, strangers, plan, status } = ended;
  if (status.state === 'completed') return await missingOrWrong(ended, measure);
  const kept = withOthersSettings(after, before, strangers);
  if ('reason' in status && status.reason.type === 'Kept') {
    const { whole } = await measure(ended);
    // what the operation changes can be half done
    const touched = differences(before, whole).map((label) => [label, before[label]] as const);
    const others = { ...overlap(kept, before), ...Object.fromEntries(touched) };
    return describeDifferences(before, others, 'of others, but not as before');
  }
  if ('leftovers' in status && status.leftovers !== undefined)
    return describeDifferences(before, withoutLeftovers(ended, kept), 'neither as before nor named');
  return describeDifferences(before, kept, `not as before although the run is ${status.state} (${plan.onFailure})`);
}

/** What is not as ordered. Things that somebody else has created already can count. */
async function missingOrWrong(ended: EndedRun, measure: FindExpectedEnd): Promise<string[]> {
  const { after, strangers, memory } = ended;
  const { whole, asked } = await measure(ended);
  const theirs = { settings: settingsByNamesNow(ended) };
  const problemsOf = (world: Snapshot) => {
    const kept = withOthersSettings(world, whole, theirs);
    // two mails without an answer can both be lost; the run sends no third one and says so
    const missing = ended.mailsUnanswered < MOST_MAILS ? [] : mailsIn(whole).filter((label) => isNamed(label, ended));
    const open = [...missing, ...labelsInDoubt(ended, whole)];
    const there = { ...kept, ...Object.fromEntries(open.map((label) => [label, whole[label]])) };
    return [...describeDifferences(whole, there, 'not as asked'), ...missingFields(asked, there)];
  };
  const problems = problemsOf(after);
  if (problems.length === 0 || strangers.belongings.length === 0) return problems;
  // what they made is left out where the order asks for nothing of that name
  const besides = strangers.belongings.filter(({ name }) => !(name in whole)).map(({ id }) => id);
  return problemsOf(withoutTheirRoles(snapshot(memory, new Set(besides)), ended)).length === 0 ? [] : problems;
}

/** A stored file must be complete. */
async function fileProblems(ended: EndedRun, measure: FindExpectedEnd): Promise<string[]> {
  const { files } = ended;
  if (files.length === 0) return [];
  const { shapes } = await measure(ended);
  const spoilt = files.filter((text) => !shapes.includes(fileShape(text)));
  return spoilt.map((text) => `a file was kept that is not whole: ${JSON.stringify(text.slice(0, 60))}`);
}

/** A run must complete if all its faults were transient. */
function gaveUpTooEarly({ plan, status, blocks, subject }: EndedRun): string[] {
  const { cancel, strangers, outages, faults, deadline, untidy } = plan;
  const disturbed =
    [cancel, strangers, deadline].some((one) => one !== undefined) || outages.length + blocks.length > 0;
  const forbidden = faults.some(({ fault }) => typeof fault === 'object' && 'refuse' in fault && fault.refuse < 500);
  const worn =
    faults.length > ENOUGH_PATIENCE_FOR || untidy?.traits?.some((trait) => wearingTraits.has(trait)) === true;
  const asks = subject.model.asksWhenChanged && faults.some(({ fault }) => fault === 'bump-version');
  if (disturbed || forbidden || worn || asks || status.state === 'completed') return [];
  const { message } = (status as { reason?: { message?: string } }).reason ?? {};
  return [`the run is ${status.state} although nothing forbade it: ${message}`];
}

function mailsIn(world: Snapshot): string[] {
  return Object.keys(world).filter((label) => label.startsWith('mail to '));
}

/** Whether the completed run names this user because its mail may be missing. */
function isNamed(label: string, { status, memory }: EndedRun): boolean {
  const { leftovers = [] } = status as { leftovers?: Leftover[] };
  return leftovers.some(({ id }) => label === `mail to ${memory.users.get(id)?.login}`);
}

/** Labels of things that the completed run reports as possibly its own. */
function labelsInDoubt({ status, memory }: EndedRun, whole: Snapshot): string[] {
  const { report } = status as { report?: { inDoubt?: string[] } };
  const places = (report?.inDoubt ?? []).map((id) => memory.reports.get(id)?.tenantId ?? '');
  const labels = places.map((id) => `reports in ${memory.tenants.get(id)?.name ?? ''}`);
  return labels.filter((label) => !(label in whole));
}

function describeDifferences(wanted: Snapshot, there: Snapshot, what: string): string[] {
  return differences(wanted, there).map(
    (label) => `${label}: ${what}: ${JSON.stringify(there[label])} for ${JSON.stringify(wanted[label])}`,
  );
}

/** The part of the world that existed before. */
function overlap(world: Snapshot, before: Snapshot): Snapshot {
  return Object.fromEntries(Object.entries(world).filter(([label]) => label in before));
}

function closingProblems({ status, closed, found, callsMade }: EndedRun): string[] {
  const fitting: Partial<Record<OperationStatus['state'], EndedRun['closed']>> = {
    completed: 'completed',
    cancelled: 'cancelled',
    undone: 'failed',
    failed: 'failed',
  };
  const { apiCalls: counted = 0 } = status as { apiCalls?: number };
  return [
    ...(closed === fitting[status.state] ? [] : [`a run that is ${status.state} closed as ${closed}`]),
    ...(found === status.state ? [] : [`a run that is ${status.state} is found as ${found}`]),
    ...(counted <= callsMade ? [] : [`${counted} calls are counted, but the cloud has seen ${callsMade}`]),
  ];
}

/** Everything is created once, after any number of attempts. Only the mail can come twice. */
function effectProblems({ memory, unknownRoutes, subject, plan }: EndedRun): string[] {
  const mostMails = subject.model.sendsAgain && plan.earlier !== undefined ? 2 * MOST_MAILS : MOST_MAILS;
  const tenants = twice(
    [...memory.tenants.values()].flatMap(({ internal_tag }) => markWithoutUndo(internal_tag) || []),
  );
  const users = twice([...memory.users.values()].map(({ login, tenant_id }) => `${login} in ${tenant_id}`));
  const mails = [...new Set(memory.mails.map(({ login }) => login))].filter(
    (login) => memory.mails.filter((mail) => mail.login === login).length > mostMails,
  );
  return [
    ...twice(keysInUse(memory)).map((key) => `two tenants stand for ${key}`),
    ...tenants.map((tag) => `the tenant ${tag} was made twice`),
    ...users.map((user) => `the user ${user} was made twice`),
    ...mails.map((login) => `${login} got more than two mails`),
    ...unknownRoutes.map((route) => `unknown route ${route}`),
  ];
}

/** Kind and business key of each existing tenant that a run has created. */
function keysInUse({ tenants }: EndedRun['memory']): string[] {
  const ours = [...tenants.values()].filter(
    ({ deleted_at, internal_tag }) => deleted_at === null && internal_tag?.startsWith('tenantry:'),
  );
  return ours.map(
    ({ kind, internal_tag }) => `${kind} ${markWithoutUndo(internal_tag).split(':').slice(1, -1).join(':')}`,
  );
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** A blocked run must have sent a notice. */
function noticeProblems({ blocks, notices, status }: EndedRun): string[] {
  if (blocks.length > 0 && notices.length === 0) return ['the run was blocked and nobody was told'];
  return status.steps.some(({ state }) => state === 'running') ? ['a step is running in a run that has closed'] : [];
}
