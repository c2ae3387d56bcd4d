import type { OperationState } from '../../contract/status.js';
import type { Cell } from './cells.js';

/**
 * How a run must end, worked out from the promises in docs/ alone: it shares nothing with the code that it judges. `cause` is what a
 * fault means for the call that it strikes.
 */
export type End = Extract<OperationState, 'completed' | 'undone' | 'cancelled'> | 'refused' | 'leftovers';

type Cause =
  /** Another try puts it right. */
  | 'passes'
  /** No other try can help. */
  | 'final';

/** Every end that is right for a cell: more than one only where two things happen at once and either may be first. */
export function allowedEnds(cell: Cell): End[] {
  const ends = endsBeforePointOfNoReturn(cell);
  const right = isAfterPointOfNoReturn(cell)
    ? ends.map((end) => (end === 'completed' ? end : ('leftovers' as const)))
    : ends;
  // of two mails nobody may know whether one was sent: then the user is named
  const isSecondMail = cell.stage === 'after the effect' && cell.call.route === MAIL;
  return isSecondMail || cell.subject.model.ambiguous === cell.step ? [...right, 'leftovers'] : right;
}

/** How it must end where nothing has been done before that stays. */
function endsBeforePointOfNoReturn(cell: Cell): End[] {
  // nobody hears the answer of a call whose worker is dead; the next try meets no fault
  const cause = cell.worker === 'killed' ? 'passes' : causeOf(cell);
  if (cell.stage === 'during undo' && cell.subject.model.pointOfNoReturn === cell.step) return ['leftovers'];
  // what others have changed meanwhile is theirs, unless the undo knows that it had begun
  if (cell.stage === 'during undo' && cell.fault === 'bump-version' && cell.worker === 'killed')
    return [undoneOr(cell), 'leftovers'];
  // what somebody else has changed since is not put back
  if (cell.stage === 'during undo' && cell.fault === 'bump-version') return [undoneOr(cell), 'leftovers'];
  if (cell.stage === 'during undo') return [cause === 'final' ? 'leftovers' : undoneOr(cell)];
  const cancelled: End[] = cell.cancel === 'never' ? [] : ['cancelled'];
  // what somebody else has changed after the effect is not put back, but named; so is what a worker did whose word is lost
  const changedByOthers =
    cell.fault === 'bump-version' && (cell.stage === 'after the effect' || cell.worker === 'killed');
  if (cancelled.length > 0 && changedByOthers) cancelled.push('leftovers');
  const { forEach } = cell.subject.model;
  if (forEach !== undefined && cell.cancel !== 'never') cancelled.push('leftovers');
  if (forEach === cell.step) return [...cancelled, 'completed'];
  const ends = cause === 'final' ? [undoneOr(cell), ...cancelled] : cancelled;
  if (ends.length === 0) return ['completed'];
  // the last step may be through before the cancellation is heard of
  if (cause === 'passes' && (isLast(cell) || isGivenUp(cell))) ends.push('completed');
  if (cause === 'passes' && isLast(cell) && isBeforePointOfNoReturn(cell)) ends.push('leftovers');
  if (cell.subject.model.pointOfNoReturn === cell.step) ends.push('leftovers', 'refused');
  return ends;
}

const MAIL = 'POST /users/{id}/send-activation-email';
const AGENTS = 'GET /api/agent_manager/v2/agents';
const forAgents = new Set([AGENTS, 'GET /api/1/groups/{id}']);

/** These count what hangs on a tenant. */
const weighing = new Set(['findTenant', 'checkBelow', 'deleteTenant']);

/** After these nobody knows that no agent got in: the tenant was only found, or its user can log in. */
const inDoubt = new Set(['ensureCustomerTenant', 'ensurePartnerTenant', 'setPassword']);

/** Looks at a parent that the order may name. */
const ofNamedParent = new Set(['findOfferingItems', 'findMissingItems', 'findPartnerItems']);

function causeOf({ fault, call, stage, step, subject }: Cell): Cause {
  if (typeof fault === 'string' || !('refuse' in fault)) return 'passes';
  const { refuse, html } = fault;
  // only the vendor's own word can be final
  if (html === true) return 'passes';
  if (subject.model.waitsOut?.[call.route]?.includes(refuse)) return 'passes';
  if (refuse >= 500) return 'passes';
  // who may not see agents sees none; after some steps that leaves a doubt
  const weighs = stage === 'during undo' || weighing.has(step ?? '');
  const unseen = weighs && refuse === 403 && (call.route === AGENTS || fault.code === undefined);
  if (unseen && forAgents.has(call.route))
    return stage === 'during undo' && inDoubt.has(step ?? '') ? 'final' : 'passes';
  // credentials that are refused are tried again, three times; that a customer is not ours to act for is the cloud's last word
  if (call.forOwnToken || (call.route.startsWith('POST /idp/') && refuse === 401)) return 'passes';
  if (refuse === 400 || refuse === 403) return 'final';
  // a session is no token of ours that could be renewed
  if (refuse === 401 && call.route === 'GET /users/me') return 'final';
  const first = stage === 'first try';
  // a name or login that somebody else has; a stale version when nothing is created
  if (refuse === 409)
    return first && (isCreation(call.route) || call.route.includes('check_login')) ? 'final' : 'passes';
  // what is named in the input does not exist; all else may only be listed late
  if (refuse === 404 && call.route.includes('available_for_child'))
    return ofNamedParent.has(call.step ?? '') ? 'final' : 'passes';
  return 'passes';
}

/** Whether something that stays has been done before. */
function isAfterPointOfNoReturn({ subject, changes: changing, step, call }: Cell): boolean {
  const forGood = changing.find((one) => one.step === subject.model.pointOfNoReturn);
  const own = changing.find((one) => one.step === step) ?? call;
  return forGood !== undefined && forGood.n < own.n;
}

/** Whether the one thing that is still to come stays. */
function isBeforePointOfNoReturn({ subject, changes: changing, call }: Cell): boolean {
  return changing.some((one) => one.n > call.n && one.step === subject.model.pointOfNoReturn);
}

function isCreation(route: string): boolean {
  return ['POST /tenants', 'POST /users', 'POST /tenants/{id}/restore'].includes(route);
}

function undoneOr(cell: Cell): End {
  return madeBefore(cell) ? 'undone' : 'refused';
}

/** Whether something had changed by the time of the failure. */
function madeBefore({ changes: changing, step, stage, call }: Cell): boolean {
  const own = stage === 'first try' ? call : changing.find((one) => one.step === step)!;
  const earlier = changing.some((one) => one.n < own.n);
  return earlier || stage !== 'first try';
}

/** A look that lasts longer than ten seconds is made anew, and the run may be through before the late answer comes. */
function isGivenUp({ changes: changing, step, fault, cancel }: Cell): boolean {
  const isLook = changing.every((one) => one.step !== step);
  if (!isLook || cancel !== 'after' || typeof fault === 'string') return false;
  return ('delay' in fault && fault.delay > 10_000) || ('drip' in fault && fault.drip > 10_000);
}

/** Whether a cancellation may come too late: a call in flight ends, and with it the step after a look, or after an answer that came just before. */
function isLast({ changes: changing, step, call, cancel }: Cell): boolean {
  const toCome = new Set(changing.filter((one) => one.n > call.n && one.step !== step).map((one) => one.step));
  const isLook = changing.every((one) => one.step !== step);
  return toCome.size === 0 || ((isLook || cancel === 'after') && toCome.size === 1);
}
