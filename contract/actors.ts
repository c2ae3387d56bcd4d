import type { DecisionRequest } from './decisions.js';

/**
 * Proves to a worker that the gateway has checked who decides. It counts once, for a few minutes, and for nothing but the
 * decision that it was made for.
 */
export interface ActorProof {
  /** The id of the key that has signed it. */
  key: string;
  /** When it was signed, ISO 8601. */
  at: string;
  /** No two proofs have the same. */
  nonce: string;
  signature: string;
}

/** What somebody sends with a decision or a request; without a proof anybody could have sent it. */
export type Proven<Request> = Request & { proof?: ActorProof };

/** The same once a worker has looked at it. */
export type Verified<Request> = Request & { verified: boolean };

/** What a proof is about: who says what, why, and to which run. */
export interface ProvenDecision {
  workflowId: string;
  /** Another run of the same workflow id takes another proof. */
  runId: string;
  /** The name of the Update or signal. */
  choice: string;
  /** What the run waits for, where it waits for a person. */
  about?: string | undefined;
  /** All that is sent but the proof. */
  request: DecisionRequest;
}

/** Makes the proof of a decision. Only what has checked the actor may do so. */
export type SignDecision = (decision: ProvenDecision) => ActorProof;

/** Whether a proof shows who the actor is; false when this worker has no key to tell. Or why it does not fit. */
export type ProofAnswer = { verified: boolean } | { refused: string };

/** A name of somebody, and whether a worker has verified that it is theirs. */
export interface NamedActor {
  actor: string;
  /** Absent where nobody has verified it. */
  verified?: boolean | undefined;
}

/** Who has decided, as people read it. */
export function actorText({ actor, verified }: NamedActor): string {
  return `${actor} (${verified === true ? 'verified' : 'not verified'})`;
}

/** Names what a run waits for: another block of the same step is another one. */
export function blockName({ step, since }: { step: string; since: string }): string {
  return `${step} ${since}`;
}

const forms: Readonly<Record<keyof ActorProof, RegExp>> = {
  key: /^[A-Za-z0-9_.-]{1,40}$/,
  at: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  nonce: /^[\w-]{22}$/,
  signature: /^[\w-]{43}$/,
};

/** True for what looks like a proof; whether it is one only a key can tell. */
export function isProof(proof: unknown): proof is ActorProof {
  if (typeof proof !== 'object' || proof === null) return false;
  const parts = proof as Partial<Record<keyof ActorProof, unknown>>;
  const names = Object.keys(forms) as (keyof ActorProof)[];
  return names.every((name) => typeof parts[name] === 'string' && forms[name].test(parts[name]));
}
