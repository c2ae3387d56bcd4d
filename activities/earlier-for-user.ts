import { Context } from '@temporalio/activity';
import type { Client, WorkflowExecutionInfo, WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { EarlierForUser, UserRef } from '../contract/earlier-runs.js';
import { MOST_MAILS } from '../contract/orders.js';
import { acronisTenantId } from '../contract/search-attributes.js';
import { ADD_USER } from '../workflows/add-user/contract.js';
import { ENABLE_BACKUP_USER } from '../workflows/enable-backup-user/contract.js';
import { ONBOARD_CUSTOMER } from '../workflows/onboard-customer/contract.js';
import { PROVISION_CUSTOMER } from '../workflows/provision-customer/contract.js';
import { PROVISION_PARTNER } from '../workflows/provision-partner/contract.js';
import { RESEND_ACTIVATION } from '../workflows/resend-activation/contract.js';
import type { Invitation } from './access.js';
import { decodeFirst } from '../vault/index.js';
import { escapeQuotes, unlessUnsearchable } from './earlier-runs.js';
import { isTemporalError } from './read-run.js';
import type { MadeUser } from './users.js';

type History = Pick<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>, 'events'> & { workflowId: string };

const DEADLINE_MS = 8000;
const MOST_RUNS = 50;
const invitingUsers = [
  ADD_USER,
  ENABLE_BACKUP_USER,
  ONBOARD_CUSTOMER,
  PROVISION_CUSTOMER,
  PROVISION_PARTNER,
  RESEND_ACTIVATION,
];

/** Nobody knows: a mail may have been sent, and the user may not be ours. */
const UNKNOWN: EarlierForUser = { made: false, invited: false, mails: 1 };

/** The run that asks. */
interface Own {
  workflowId?: string;
  runId?: string;
  /** Its first run id, where only that run itself counts, as it was before a reset. */
  formerRun?: string | undefined;
}

export function createEarlierForUserActivities() {
  return {
    /**
     * Reads what earlier runs have done for a user from their histories in Temporal. Calls no cloud. When Temporal's
     * search is not available, it answers that a mail may have been sent and that nobody knows who made the user. Safe
     * to repeat.
     */
    earlierForUser: async (user: UserRef): Promise<EarlierForUser> => {
      const { client, info } = Context.current();
      return await earlierForUserOf(client, user, info.workflowExecution ?? {});
    },
  };
}

/** The same with any client. */
export async function earlierForUserOf(client: Client, user: UserRef, own: Own): Promise<EarlierForUser> {
  const found = await client.withDeadline(
    Date.now() + DEADLINE_MS,
    async () => await unlessUnsearchable(() => fetchHistories(client, user, own)),
  );
  if (found === undefined) return UNKNOWN;
  const histories = await Promise.all(found.map(async (history) => await readHistory(client, history, user.userId)));
  const invited = histories.some((one) => one.invited);
  const mails = histories.reduce((sum, one) => sum + one.mails, 0);
  const made = histories.some((one) => one.made);
  return { made, invited, mails, ...(!invited && mails >= MOST_MAILS ? { unconfirmed: true } : {}) };
}

/** Also of the same workflow id: a run that ended early is not found by its tenant. */
async function fetchHistories(
  client: Client,
  { tenantId }: UserRef,
  { workflowId, runId, formerRun }: Own,
): Promise<History[]> {
  const types = invitingUsers.map((name) => `'${name}'`).join(', ');
  const there = `${acronisTenantId.name} = '${tenantId}'`;
  const same = workflowId === undefined ? [] : [`WorkflowId = '${escapeQuotes(workflowId)}'`];
  const query = `WorkflowType IN (${types}) AND (${[there, ...same].join(' OR ')})`;
  const histories: History[] = [];
  for await (const run of client.workflow.list({ query })) {
    if (run.runId === runId || (formerRun ?? firstRunIdOf(run)) !== firstRunIdOf(run)) continue;
    const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    histories.push({ workflowId: run.workflowId, events: events ?? [] });
    if (histories.length === MOST_RUNS) break;
  }
  return histories;
}

function firstRunIdOf({ raw, runId }: WorkflowExecutionInfo): string {
  return raw?.firstRunId || runId;
}

/** A call of an activity and its result; `failed` is undefined when the call sent no report. */
interface Called {
  name: string;
  spec: { userId?: string } | undefined;
  done?: { adopted?: boolean; result?: unknown } | undefined;
  failed?: { unsure?: boolean; mails?: number } | undefined;
  ended: 'done' | 'failed' | 'unknown';
}

async function readHistory(client: Client, history: History, userId: string): Promise<EarlierForUser> {
  const calls = await callsIn(client, history);
  const mails = calls.filter(({ name, spec }) => name === 'sendActivationEmail' && (spec?.userId ?? userId) === userId);
  // a result that cannot be read any more was most likely the usual one
  const invited = mails.some((mail) => mail.ended === 'done' && mail.done?.adopted !== true && !isUnconfirmed(mail));
  const sent = mails.reduce((sum, mail) => sum + perhapsSentBy(mail), 0);
  const most = mails.some(isUnconfirmed) ? MOST_MAILS : 0;
  return { made: calls.some((called) => hasMade(called, userId)), invited, mails: sent + most };
}

function isUnconfirmed({ done }: Called): boolean {
  return (done?.result as Partial<Invitation> | null | undefined)?.unconfirmed === true;
}

/** How many mails a call without a result may have sent. Failures of older versions do not say how many. */
function perhapsSentBy({ ended, failed }: Called): number {
  if (ended === 'unknown') return 1;
  if (ended === 'done') return 0;
  return failed?.mails ?? (failed === undefined || failed.unsure === true ? 1 : 0);
}

function hasMade({ name, done }: Called, userId: string): boolean {
  if (name !== 'ensureUser' || done === undefined) return false;
  const { userId: made, ownership } = (done.result ?? {}) as Partial<MadeUser>;
  return made === userId && (ownership === 'ours' || (ownership === undefined && done.adopted !== true));
}

async function callsIn(client: Client, { workflowId, events }: History): Promise<Called[]> {
  const calls = new Map<string, Called>();
  const read = async (payloads: Payload[] | null | undefined) => await readFirst(client, workflowId, payloads);
  for (const event of events ?? []) {
    const { activityTaskScheduledEventAttributes: scheduled, activityTaskCompletedEventAttributes: completed } = event;
    const failed = event.activityTaskFailedEventAttributes;
    const name = scheduled?.activityType?.name ?? '';
    if (scheduled && ['ensureUser', 'sendActivationEmail'].includes(name)) {
      const spec = (await read(scheduled.input?.payloads)) as Called['spec'];
      calls.set(String(event.eventId), { name, spec, ended: 'unknown' });
    }
    const call = calls.get(String((completed ?? failed)?.scheduledEventId));
    if (call === undefined) continue;
    if (completed) Object.assign(call, { ended: 'done', done: await read(completed.result?.payloads) });
    const details = failed?.failure?.applicationFailureInfo?.details?.payloads;
    if (failed) Object.assign(call, { ended: 'failed', failed: await read(details) });
  }
  return [...calls.values()];
}

/** Decodes the first payload; undefined when this worker lacks the keys. */
async function readFirst(client: Client, workflowId: string, payloads: Payload[] | null | undefined): Promise<unknown> {
  try {
    return await decodeFirst(client, workflowId, payloads);
  } catch (error) {
    if (isTemporalError(error)) throw error;
    return undefined;
  }
}
