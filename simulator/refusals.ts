import type { Refusal } from './errors.js';
import type { Reply } from './router.js';

/** How an interface words a refusal. */
export type Wording = (refusal: Refusal) => Reply;

const codes: Record<number, { agents: string; tasks: string; plans: string }> = {
  400: { agents: 'BAD_REQUEST', tasks: 'BadRequest', plans: 'BadRequestError' },
  401: { agents: 'UNAUTHORIZED_REQUEST', tasks: 'Unauthorized', plans: 'UnauthorizedRequest' },
  403: { agents: 'ACCESS_DENIED', tasks: 'AccessDenied', plans: 'AccessDeniedError' },
  404: { agents: 'NOT_FOUND', tasks: 'NotFound', plans: 'NotFoundError' },
  409: { agents: 'CONFLICT', tasks: 'Conflict', plans: 'DataConflictError' },
  429: { agents: 'TOO_MANY_REQUESTS', tasks: 'TooManyRequests', plans: 'TooManyRequestsError' },
};
const failure = { agents: 'COMMUNICATION_ERROR', tasks: 'InternalError', plans: 'InternalServerError' };

function codeOf({ status, code }: Refusal, style: keyof typeof failure): string {
  return typeof code === 'string' ? code : (codes[status] ?? failure)[style];
}

/** Account management and the token endpoint. */
export const accountWording: Wording = (refusal) => ({ status: refusal.status, body: refusal.body() });

export const agentWording: Wording = (refusal) => ({
  status: refusal.status,
  body: {
    code: codeOf(refusal, 'agents'),
    domain: refusal.status === 401 ? 'GENERAL' : 'AGENT_MANAGER',
    debug: { msg: refusal.message },
  },
});

export const taskWording: Wording = (refusal) => flat(refusal, 'TaskManager');

/** The gateway before the alert manager answers for it where nobody is logged in. */
export const alertWording: Wording = (refusal) => {
  if (refusal.status !== 401) return flat(refusal, 'AlertManager');
  const body = '<html><head><title>401 Authorization Required</title></head></html>';
  return { status: 401, body, headers: { 'Content-Type': 'text/html' } };
};

function flat(refusal: Refusal, domain: string): Reply {
  const { status, message, context } = refusal;
  return { status, body: { domain, code: codeOf(refusal, 'tasks'), reason: message, context, kbLink: {}, debug: {} } };
}

/** Resources and plans; what hinders a plan is told as a list of issues. */
export const planWording: Wording = (refusal) => {
  const { status, message, context } = refusal;
  if (status === 422)
    return { status, body: { issues: [{ code: refusal.code, severity: 'CRITICAL', message, context }] } };
  const domain = status === 401 || status === 403 ? 'Access' : 'General';
  return { status, body: { code: codeOf(refusal, 'plans'), domain, message, context } };
};
