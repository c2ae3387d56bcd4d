import type { Reply } from './router.js';

/** An error answer of the platform. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number | string,
    message: string,
    readonly context: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** The error body in account management. */
  body(): unknown {
    const { code, message, context } = this;
    return { error: { code, domain: 'PlatformAccountServer', message, details: { info: message }, context } };
  }
}

/** An error answer of the token endpoint, whose body is flat. */
export class TokenRefusal extends Refusal {
  override body(): unknown {
    return { error: this.code, error_description: this.message, domain: 'Access', reason: 'InvalidClient' };
  }
}

export const badRequest = (message: string, code: number = 400) => new Refusal(400, code, message);
export const unauthorized = () => new Refusal(401, 401, 'Unauthorized');
export const forbidden = (message = 'access denied') => new Refusal(403, 1002, message);
export const notFound = (what = 'object') => new Refusal(404, what === 'tenant' ? 1005 : 404, `${what} not found`);
export const staleVersion = (sent: number, stored: number, status = 409) =>
  new Refusal(status, 1001, `object version mismatch: got ${sent}, current is ${stored}`);

/** Turns a refusal into the error answer of one API. */
export type ErrorFormat = (refusal: Refusal) => Reply;

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
export const accountError: ErrorFormat = (refusal) => ({ status: refusal.status, body: refusal.body() });

export const agentError: ErrorFormat = (refusal) => ({
  status: refusal.status,
  body: {
    code: codeOf(refusal, 'agents'),
    domain: refusal.status === 401 ? 'GENERAL' : 'AGENT_MANAGER',
    debug: { msg: refusal.message },
  },
});

export const taskError: ErrorFormat = (refusal) => flatError(refusal, 'TaskManager');

/** Without a login the gateway answers instead of the alert manager. */
export const alertError: ErrorFormat = (refusal) => {
  if (refusal.status !== 401) return flatError(refusal, 'AlertManager');
  const body = '<html><head><title>401 Authorization Required</title></head></html>';
  return { status: 401, body, headers: { 'Content-Type': 'text/html' } };
};

function flatError(refusal: Refusal, domain: string): Reply {
  const { status, message, context } = refusal;
  return { status, body: { domain, code: codeOf(refusal, 'tasks'), reason: message, context, kbLink: {}, debug: {} } };
}

/** Resources and plans. A plan that cannot be applied is answered with a list of issues. */
export const planError: ErrorFormat = (refusal) => {
  const { status, message, context } = refusal;
  if (status === 422)
    return { status, body: { issues: [{ code: refusal.code, severity: 'CRITICAL', message, context }] } };
  const domain = status === 401 || status === 403 ? 'Access' : 'General';
  return { status, body: { code: codeOf(refusal, 'plans'), domain, message, context } };
};
