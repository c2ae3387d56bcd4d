import { isAcronisError, type AcronisError } from '../acronis/index.js';

const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** True when no connection stood: the call has not reached the cloud. */
export function neverLeft({ cause }: AcronisError): boolean {
  return neverSent.includes((cause as { code?: string })?.code ?? '');
}

/** True when a change may have taken effect although its answer does not say so; a 503 says that it was not served. */
export function answerLost(error: unknown): boolean {
  if (!isAcronisError(error) || error.facts.status === 503) return false;
  return ['unavailable', 'unreadable'].includes(error.kind) && !neverLeft(error);
}
