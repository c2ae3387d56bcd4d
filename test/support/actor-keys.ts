import { randomBytes } from 'node:crypto';
import type { SignDecision } from '../../contract/actors.js';
import { decisionSigner } from '../../vault/actor-proofs.js';
import { parseKeys } from '../../vault/index.js';

export const aKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
/** What gateway and workers of a test have. */
export const actorKeys = parseKeys(aKey('k1'));
/** Signs as the gateway does. */
export const sign: SignDecision = decisionSigner(actorKeys);
