import type { DecisionRequest } from '../../contract/decisions.js';
import type { RolloutChoice, RolloutDecision } from '../../contract/rollout.js';
import type { Verified } from '../../contract/actors.js';
import { checkActorAndReason, checkIsShort, refuseDecision as refuse } from '../decisions/refusals.js';
import type { RolloutMemory } from './memory.js';

const MOST_DECISIONS = 50;

/** Refuses a decision that makes no sense now, and says why. */
export function validate(memory: RolloutMemory, choice: RolloutChoice, request: DecisionRequest): void {
  checkActorAndReason(request);
  checkIsShort(request);
  if (memory.isStopped) refuse('the rollout is stopped');
  if (choice === 'resume' && memory.blocked === undefined) refuse('the rollout goes on already');
  if (choice === 'retry' && memory.failed.length === 0) refuse('no customer has failed');
}

/** Takes a validated decision. */
export function decide(
  { blocked: _blocked, ...before }: RolloutMemory,
  choice: RolloutChoice,
  { actor, verified, reason }: Verified<DecisionRequest>,
  now: number,
): { memory: RolloutMemory; decision: RolloutDecision } {
  const decision = { choice, actor, reason, verified, at: new Date(now).toISOString() };
  const memory = { ...before, decisions: [...before.decisions, decision].slice(-MOST_DECISIONS) };
  if (choice === 'stop') return { decision, memory: { ...memory, isStopped: true } };
  if (choice === 'resume') return { decision, memory: { ...memory, accepted: memory.failed.length } };
  const again = [...memory.again, ...memory.failed.map(({ at }) => at)].toSorted((one, other) => one - other);
  return { decision, memory: { ...memory, again, failed: [], accepted: 0 } };
}
