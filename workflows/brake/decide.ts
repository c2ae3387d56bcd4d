import type { BrakeChoice, BrakeDecision, BrakeRequest } from '../../contract/brake.js';
import { actorText, type Verified } from '../../contract/actors.js';
import { checkActorAndReason, checkIsShort, refuseDecision as refuse } from '../decisions/refusals.js';
import { answer, engage } from './count.js';
import type { BrakeMemory, TakenDecision, Waiting } from './memory.js';

const MOST_DECISIONS = 50;

/** Refuses a decision that is not possible now, and says why. */
export function validate(memory: BrakeMemory, choice: BrakeChoice, request: BrakeRequest): void {
  checkActorAndReason(request);
  checkIsShort(request);
  if (request.all && choice !== 'release') refuse(`all: ${choice} does not take it; name the customers in refs`);
  if (request.all && request.refs !== undefined) refuse('all: give either all or refs');
  if (choice === 'engage') return checkIsReleased(memory);
  if (request.all === true) return checkIsNeeded(memory);
  const refs: unknown = request.refs;
  if (!Array.isArray(refs) || refs.length === 0) refuse('refs is missing: name the customers that wait');
  const strangers = (refs as unknown[]).filter((ref) => !memory.waiting.some((one) => one.ref === ref));
  if (strangers.length > 0) refuse(`nothing waits for ${strangers.map(String).join(', ')}`);
}

/** Takes a validated decision. */
export function decide(
  before: BrakeMemory,
  choice: BrakeChoice,
  request: Verified<BrakeRequest>,
  now: number,
): { memory: BrakeMemory; decision: BrakeDecision } {
  const { actor, verified, reason } = request;
  const chosen = choice === 'engage' ? new Set<Waiting>() : chosenOf(before, request);
  const decision = { choice, actor, reason, verified, at: new Date(now).toISOString(), answered: chosen.size };
  const nth = (before.decisions.at(-1)?.nth ?? 0) + 1;
  const decisions: TakenDecision[] = [...before.decisions, { ...decision, nth }].slice(-MOST_DECISIONS);
  const memory = { ...before, decisions };
  if (choice === 'engage') return { memory: engage(memory, `${actorText(request)}: ${reason}`, now), decision };
  const how = { answer: choice === 'drop' ? 'dropped' : 'granted', decision: nth } as const;
  const answered = answer(memory, chosen, how);
  return { memory: choice === 'release' && request.all === true ? disengage(answered) : answered, decision };
}

/** Somebody has looked at everything, so what was granted before no longer counts. */
function disengage({ engaged: _engaged, ...memory }: BrakeMemory): BrakeMemory {
  return { ...memory, counted: [] };
}

function chosenOf({ waiting }: BrakeMemory, { all, refs = [] }: BrakeRequest): Set<Waiting> {
  return new Set(waiting.filter(({ ref }) => all === true || refs.includes(ref)));
}

function checkIsReleased({ engaged }: BrakeMemory): void {
  if (engaged !== undefined) refuse(`engaged already since ${new Date(engaged.since).toISOString()}: ${engaged.why}`);
}

function checkIsNeeded({ engaged, waiting, decisions }: BrakeMemory): void {
  if (engaged !== undefined || waiting.length > 0) return;
  const last = decisions.at(-1);
  const past = last === undefined ? '' : `: ${actorText(last)} chose ${last.choice} at ${last.at} (${last.reason})`;
  refuse(`the brake is not engaged and nothing waits${past}`);
}
