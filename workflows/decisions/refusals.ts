import { ApplicationFailure } from '@temporalio/common';
import { isProof, type Proven } from '../../contract/actors.js';
import { DECISION_REFUSED, type DecisionRequest } from '../../contract/decisions.js';

/** Refuses a decision and says why. The run continues as before. */
export function refuseDecision(sentence: string, type: string = DECISION_REFUSED): never {
  throw ApplicationFailure.nonRetryable(sentence, type);
}

/** Why a proof counts for nothing, whatever it says. */
export const NO_PROOF =
  'proof: is none of the gateway; leave it out, and the actor counts as not verified, or decide by the HTTP API or the page';

/** Refuses a request without actor or reason, or with what cannot be a proof of its actor. */
export function checkActorAndReason(request: Proven<DecisionRequest> | undefined): void {
  for (const field of ['actor', 'reason'] as const)
    if (typeof request?.[field] !== 'string' || request[field].trim() === '')
      refuseDecision(`${field} is missing: say ${field === 'actor' ? 'who decides' : 'why'}`);
  if (request?.proof !== undefined && !isProof(request.proof)) refuseDecision(NO_PROOF);
}

const LONGEST = { actor: 200, reason: 1000 } as const;

/** Refuses a request that is too long to be kept for long. */
export function checkIsShort(request: DecisionRequest): void {
  for (const field of ['actor', 'reason'] as const)
    if (request[field].length > LONGEST[field])
      refuseDecision(`${field} is too long: give at most ${LONGEST[field]} characters`);
}
