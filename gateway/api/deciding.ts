import { z } from 'zod';
import { cancelRun, decide } from '../../client/decisions.js';
import { choices } from '../../contract/decisions.js';
import { keyOfRequest, needs, needsItsRun, problemAnswers, runParams, type ApiApp, type ApiParts } from './parts.js';
import { decisionSchema } from './schemas.js';
import { checkAmendment } from './tree/start-within.js';

const reason = z.string().trim().min(1).max(1000).describe('Why; kept in the status and in the history');
const bodies = {
  retry: z.strictObject({ reason }),
  amend: z.strictObject({ reason, input: z.looseObject({}).describe('The whole new input') }),
  skip: z.strictObject({ reason }),
  abort: z.strictObject({ reason }),
};
const summaries = {
  retry: 'Try the blocked step again',
  amend: 'Go on with another input',
  skip: 'Go on without the blocked step',
  abort: 'End the run and undo what it did',
};

/** What a key with the role `decide` may answer to a blocked run. The name of the key is the actor. */
export function addDeciding(app: ApiApp, parts: ApiParts): void {
  const { client, taskQueue, sign } = parts;
  for (const choice of choices)
    app.post(
      `/v1/operations/:id/${choice}`,
      {
        preHandler: [needs('decide'), needsItsRun(parts)],
        schema: {
          operationId: choice,
          summary: summaries[choice],
          params: runParams,
          body: bodies[choice],
          response: { 200: decisionSchema, ...problemAnswers },
        },
      },
      async (request) => {
        const key = keyOfRequest(request);
        const { id } = request.params;
        if ('input' in request.body) await checkAmendment(parts, key, id, request.body.input);
        const said = { ...request.body, actor: key.name };
        return await decide(client, { id, choice, request: said, taskQueue, sign });
      },
    );
}

/** What a key with the role `operate` may stop. */
export function addCancelling(app: ApiApp, parts: ApiParts): void {
  app.post(
    '/v1/operations/:id/cancel',
    {
      preHandler: [needs('operate'), needsItsRun(parts)],
      schema: {
        operationId: 'cancel',
        summary: 'Stop a run: it waits for the call in flight, and undoes what it did',
        params: runParams,
        body: z.strictObject({ reason }),
        response: { 202: z.object({ id: z.string(), status: z.string() }), ...problemAnswers },
      },
    },
    async (request, reply) => {
      const key = keyOfRequest(request);
      const { id } = request.params;
      await cancelRun(parts.client, id, { reason: request.body.reason, actor: key.name }, parts.sign);
      return await reply.code(202).send({ id, status: `/v1/operations/${encodeURIComponent(id)}` });
    },
  );
}
