import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditLine } from '../../catalogue/audit-lines.js';
import type { Logger } from '../../telemetry/log.js';
import type { AuditLog } from './audit-log.js';
import { keyOfRequest, type ApiApp } from './parts.js';
import { Problem, problemOf } from './problem.js';

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Writes down every request that may change something: once before its body is read, and once when it has its answer.
 * A request that cannot be written down is refused. What the body says is never written.
 */
export function addAuditing(app: ApiApp, audit: AuditLog, log: Logger): void {
  app.decorateRequest('isAudited', false);
  app.decorateRequest('changedId');
  app.addHook('onRequest', async (request) => {
    if (!mayChange(request)) return;
    await audit.write(askedLine(request)).catch((error: unknown) => {
      log.error({ errorType: codeOf(error), requestId: request.id }, 'the audit log cannot be written');
      throw cannotBeWritten(error);
    });
    request.isAudited = true;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.isAudited)
      await audit.write(answeredLine(request, reply)).catch((error: unknown) => {
        log.error({ errorType: codeOf(error), requestId: request.id }, 'the outcome is missing in the audit log');
      });
    return payload;
  });
}

/**
 * Writes down one of the many things that a request asks for, with lines of its own. Nothing is done when the first cannot be
 * written.
 */
export async function auditOne<T>(
  request: FastifyRequest,
  audit: AuditLog,
  { id, act }: { id: string; act: () => Promise<T> },
): Promise<T> {
  const requestId = `${request.id} ${id}`;
  const at = () => new Date().toISOString();
  await audit.write({ ...askedLine(request), at: at(), requestId, id }).catch((error: unknown) => {
    throw cannotBeWritten(error);
  });
  const answered = async (status: number) =>
    await audit.write({ at: at(), requestId, phase: 'answered', outcome: outcomeOf(status), status });
  try {
    const answer = await act();
    await answered(200).catch(() => undefined);
    return answer;
  } catch (error) {
    await answered(problemOf(error as Error).status).catch(() => undefined);
    throw error;
  }
}

function mayChange({ method, is404, routeOptions }: FastifyRequest): boolean {
  return !reading.has(method) && !is404 && routeOptions.config.changesNothing !== true;
}

function askedLine(request: FastifyRequest): AuditLine {
  const { name, role } = keyOfRequest(request);
  const { schema, url = request.url } = request.routeOptions;
  const { operationId } = (schema ?? {}) as { operationId?: string };
  const { id, ref } = request.params as { id?: string; ref?: string };
  const named = id ?? ref;
  return {
    at: new Date().toISOString(),
    requestId: request.id,
    phase: 'asked',
    key: name,
    role,
    address: request.ip,
    what: operationId ?? url,
    ...(named !== undefined && { id: named }),
  };
}

function answeredLine({ id: requestId, changedId }: FastifyRequest, { statusCode: status }: FastifyReply): AuditLine {
  return {
    at: new Date().toISOString(),
    requestId,
    phase: 'answered',
    outcome: outcomeOf(status),
    status,
    ...(changedId !== undefined && { id: changedId }),
  };
}

function outcomeOf(status: number): 'done' | 'refused' | 'failed' {
  return status < 400 ? 'done' : status < 500 ? 'refused' : 'failed';
}

function cannotBeWritten(error: unknown): Problem {
  return new Problem(
    503,
    'Unavailable',
    `The audit log cannot be written (${codeOf(error)}), so nothing was done. Check the file of TENANTRY_AUDIT_LOG.`,
  );
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}
