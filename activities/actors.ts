import { log } from '@temporalio/activity';
import type { ActorProof, ProofAnswer, ProvenDecision } from '../contract/actors.js';
import { checkProof } from '../vault/actor-proofs.js';
import type { KeyRing } from '../vault/index.js';

export interface ActorDependencies {
  /** What the gateway signs decisions with; absent where nobody is verified. */
  actorKeys?: KeyRing | undefined;
}

export interface ProofQuestion {
  proof: ActorProof;
  decision: ProvenDecision;
  /** When the decision has come, in milliseconds since 1970. */
  now: number;
}

/** Tells workflows who has decided. */
export function createActorActivities({ actorKeys }: ActorDependencies) {
  return {
    /** Whether a proof shows who the actor of a decision is. Changes nothing, and calls nobody. */
    checkActor: async ({ proof, ...of }: ProofQuestion): Promise<ProofAnswer> => {
      if (actorKeys === undefined)
        log.warn('nobody can verify who has decided: give this worker the TENANTRY_ACTOR_KEYS of the gateway');
      return await Promise.resolve(checkProof(actorKeys, proof, of));
    },
  };
}
