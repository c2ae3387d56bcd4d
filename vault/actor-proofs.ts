import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ActorProof, ProofAnswer, ProvenDecision, SignDecision } from '../contract/actors.js';
import type { Key, KeyRing } from './keys.js';

/** So far the clocks of gateway and Temporal may be apart, together with the time that a decision is on its way. */
export const PROOF_LASTS_MS = 5 * 60 * 1000;

const NONCE_BYTES = 16;
const PURPOSE = 'tenantry actor 1';
const AGAIN = 'send the decision again, by the HTTP API or the page';

/** Signs decisions with the current key. */
export function decisionSigner({ current }: KeyRing, now = () => Date.now()): SignDecision {
  return (decision) => {
    const at = new Date(now()).toISOString();
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    return { key: current.id, at, nonce, signature: sign(current, { at, nonce }, decision).toString('base64url') };
  };
}

/** Whether a proof shows who decides. Without any key nobody can tell, so the actor is not verified. */
export function checkProof(
  keys: KeyRing | undefined,
  proof: ActorProof,
  { decision, now }: { decision: ProvenDecision; now: number },
): ProofAnswer {
  if (keys === undefined) return { verified: false };
  const key = keys.find(proof.key);
  if (key === undefined)
    return {
      refused: `the actor is signed with the key ${proof.key}, which this worker does not have: give the workers every key of TENANTRY_ACTOR_KEYS that the gateway has, and ${AGAIN}`,
    };
  const given = Buffer.from(proof.signature, 'base64url');
  const right = signable(key, proof, decision);
  if (given.length !== right?.length || !timingSafeEqual(given, right))
    return {
      refused: `the proof of the actor is of another decision, run or block, or was changed: ${AGAIN}. If that does not help, give gateway and workers the same TENANTRY_ACTOR_KEYS`,
    };
  if (Math.abs(now - Date.parse(proof.at)) > PROOF_LASTS_MS)
    return {
      refused: `the proof of the actor is of ${proof.at}, and here it is ${new Date(now).toISOString()}: ${AGAIN}. If that does not help, set the clocks of gateway and Temporal`,
    };
  return { verified: true };
}

function sign(key: Key, { at, nonce }: Pick<ActorProof, 'at' | 'nonce'>, decision: ProvenDecision): Buffer {
  const said = canonical(JSON.parse(JSON.stringify(decision)));
  return createHmac('sha256', key.bytes).update([PURPOSE, key.id, at, nonce, said].join('\n')).digest();
}

/** Undefined for what is nested too deeply: the gateway has never signed that. */
function signable(...given: Parameters<typeof sign>): Buffer | undefined {
  try {
    return sign(...given);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The same text for the same JSON, in whatever order the names of its fields come. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, content]) => `${JSON.stringify(name)}:${canonical(content)}`).join(',')}}`;
}
