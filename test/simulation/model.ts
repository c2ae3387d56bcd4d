import type { OperationState } from '../../contract/status.js';
import type { Cell } from './cells.js';

/**
 * How a run must end. It follows only from the promises in docs/ and shares no code with the product. `cause` is what a
 * fault means for the call that it hits.
 */
export type End = Extract<OperationState, 'completed' | 'undone' | 'cancelled'> | 'refused' | 'leftovers';

type Cause =
  /** A retry helps. */
  | 'passes'
  /** No retry can help. */
  | 'final';

/** Every allowed end of a cell. There are several only if two things happen at once, in either order. */
export function allowedEnds(cell: Cell): End[] {
  const ends = endsBeforePointOfNoReturn(cell);
  const right = isAfterPointOfNoReturn(cell)
    ? ends.map((end) => (end === 'completed' ? end : ('leftovers' as const)))
    : ends;
  // nobody answers in a cell, so a question ends the run: what it has disabled is named
  const asked = cell.subject.model.asksWhenChanged && cell.fault === 'bump-version';
  if (asked) right.push('leftovers');
  // if no answer says whether one of two mails was sent, the run names the user
  const isSecondMail = cell.stage === 'after the effect' && cell.call.route === MAIL;
  return isSecondMail || cell.subject.model.ambiguous === cell.step ? [...right, 'leftovers'] : right;
}

/** How it must end if the run has done nothing yet that cannot be undone. */
function endsBeforePointOfNoReturn(cell: Cell): End[] {
  // a dead worker gets no answer; the next attempt has no fault
  const cause = cell.worker === 'killed' ? 'passes' : causeOf(cell);
  if (cell.stage === 'during undo' && cell.subject.model.pointOfNoReturn === cell.step) return ['leftovers'];
  // a change by others stays, unless the undo knows that it has started
  if (cell.stage === 'during undo' && cell.fault === 'bump-version' && cell.worker === 'killed')
    return [undoneOr(cell), 'leftovers'];
  // the undo does not revert a change by somebody else
  if (cell.stage === 'during undo' && cell.fault === 'bump-version') return [undoneOr(cell), 'leftovers'];
  if (cell.stage === 'during undo') return [cause === 'final' ? 'leftovers' : undoneOr(cell)];
  const cancelled: End[] = cell.cancel === 'never' ? [] : ['cancelled'];
  // the undo names, but does not revert, a later change by somebody else or an effect whose answer was lost
  const hadChanged = cell.stage === 'after the effect' || cell.worker === 'killed' || cell.earlier !== undefined;
  const changedByOthers = cell.fault === 'bump-version' && hadChanged;
  if (cancelled.length > 0 && changedByOthers) cancelled.push('leftovers');
  // a look has not shown the user of a lost call: then somebody else may have made it, and it stays
  const isHidden = typeof cell.fault === 'object' && 'stale' in cell.fault && cell.call.route === 'POST /users';
  if (cancelled.length > 0 && isHidden && cell.worker === 'killed') cancelled.push('leftovers');
  const { forEach } = cell.subject.model;
  if (forEach !== undefined && cell.cancel !== 'never') cancelled.push('leftovers');
  if (forEach === cell.step) return [...cancelled, 'completed'];
  const ends = cause === 'final' ? [undoneOr(cell), ...cancelled] : cancelled;
  if (ends.length === 0) return ['completed'];
  // the last step can end before the cancellation arrives
  if (cause === 'passes' && (isLast(cell) || isGivenUp(cell))) ends.push('completed');
  if (cause === 'passes' && isLast(cell) && isBeforePointOfNoReturn(cell)) ends.push('leftovers');
  if (cell.subject.model.pointOfNoReturn === cell.step) ends.push('leftovers', 'refused');
  return ends;
}

const MAIL = 'POST /users/{id}/send-activation-email';
const AGENTS = 'GET /api/agent_manager/v2/agents';
const forAgents = new Set([AGENTS, 'GET /api/1/groups/{id}']);

/** Calls that count the agents of a tenant. */
const weighing = new Set(['findTenant', 'checkBelow', 'deleteTenant']);

/** After these steps an agent may exist: the tenant was only found, or its user can log in. */
const inDoubt = new Set(['ensureCustomerTenant', 'ensurePartnerTenant', 'setPassword']);

/** Steps that read a parent that the input can name. */
const ofNamedParent = new Set(['findItemChanges', 'findMissingItems', 'findOfferingItems', 'findPartnerItems']);

function causeOf({ fault, call, stage, step, subject }: Cell): Cause {
  if (typeof fault === 'string' || !('refuse' in fault)) return 'passes';
  const { refuse, html } = fault;
  // only an answer of the vendor itself can be final
  if (html === true) return 'passes';
  if (subject.model.waitsOut?.[call.route]?.includes(refuse)) return 'passes';
  if (refuse >= 500) return 'passes';
  // without the right to see agents the list is empty; after some steps that is not certain enough
  const weighs = stage === 'during undo' || weighing.has(step ?? '');
  const unseen = weighs && refuse === 403 && (call.route === AGENTS || fault.code === undefined);
  if (unseen && forAgents.has(call.route))
    return stage === 'during undo' && inDoubt.has(step ?? '') ? 'final' : 'passes';
  // refused credentials are retried three times; a refused token for a customer is final
  if (call.forOwnToken || (call.route.startsWith('POST /idp/') && refuse === 401)) return 'passes';
  if (refuse === 400 || refuse === 403) return 'final';
  // a session cannot be renewed like a token
  if (refuse === 401 && call.route === 'GET /users/me') return 'final';
  const first = stage === 'first try';
  // a name or login that is taken; for calls that create nothing, a stale version
  if (refuse === 409)
    return first && (isCreation(call.route) || call.route.includes('check_login')) ? 'final' : 'passes';
  // a tenant that the input names does not exist; anything else can appear late
  if (refuse === 404 && call.route.includes('available_for_child'))
    return ofNamedParent.has(call.step ?? '') ? 'final' : 'passes';
  return 'passes';
}

/** Whether the run is past its point of no return. */
function isAfterPointOfNoReturn({ subject, changes: changing, step, call }: Cell): boolean {
  const forGood = changing.find((one) => one.step === subject.model.pointOfNoReturn);
  const own = changing.find((one) => one.step === step) ?? call;
  return forGood !== undefined && forGood.n < own.n;
}

/** Whether the point of no return is still to come. */
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

/** A read that lasts longer than ten seconds is repeated, and the run can end before the late answer comes. */
function isGivenUp({ changes: changing, step, fault, cancel }: Cell): boolean {
  const isLook = changing.every((one) => one.step !== step);
  if (!isLook || cancel !== 'after' || typeof fault === 'string') return false;
  return ('delay' in fault && fault.delay > 10_000) || ('drip' in fault && fault.drip > 10_000);
}

/** Whether a cancellation can come too late: a call in flight ends, and then only the last step is left. */
function isLast({ changes: changing, step, call, cancel }: Cell): boolean {
  const toCome = new Set(changing.filter((one) => one.n > call.n && one.step !== step).map((one) => one.step));
  const isLook = changing.every((one) => one.step !== step);
  return toCome.size === 0 || ((isLook || cancel === 'after') && toCome.size === 1);
}
