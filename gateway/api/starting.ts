import { z } from 'zod';
import { catalogue } from '../../catalogue/index.js';
import { startOnce } from '../../client/idempotent-start.js';
import { operationNames, startOperation } from '../../client/operations.js';
import { asSentence, didYouMean } from '../../contract/misspellings.js';
import { checkStart } from './access.js';
import { idempotencyHeaders, idempotencyKeyOf } from './idempotency-key.js';
import { keyOfRequest, problemAnswers, type ApiApp, type ApiParts } from './parts.js';
import { Problem } from './problem.js';
import { startedSchema } from './schemas.js';
import { startWithin } from './tree/start-within.js';

/** One route for each operation, so that the document says what each takes. */
export function addStarting(app: ApiApp, parts: ApiParts): void {
  const { client, taskQueue } = parts;
  for (const { name, summary, schema: body } of Object.values(catalogue))
    app.post(
      `/v1/operations/${name}`,
      {
        // the operation reads its input itself, and says every problem of it
        validatorCompiler: () => (value) => ({ value }),
        schema: {
          operationId: name,
          summary,
          description:
            'The same order again joins the run that is under way; other input for the same customer is refused.',
          headers: idempotencyHeaders,
          body,
          response: { 202: startedSchema, ...problemAnswers },
        },
      },
      async (request, reply) => {
        const apiKey = keyOfRequest(request);
        checkStart(apiKey, name);
        const key = idempotencyKeyOf(request.headers);
        const order = { operation: name, input: request.body };
        const { id, joined } = await startWithin(parts, apiKey, order, async (input) => {
          const start = { operation: name, input, taskQueue, startedBy: apiKey.name };
          return key === undefined
            ? await startOperation(client, start)
            : await startOnce(client, { ...start, key, owner: apiKey.sha256 });
        });
        request.changedId = id;
        return await reply.code(202).send({ id, status: `/v1/operations/${encodeURIComponent(id)}`, joined });
      },
    );
  refuseUnknown(app);
}

function refuseUnknown(app: ApiApp): void {
  app.post(
    '/v1/operations/:operation',
    { schema: { hide: true, params: z.object({ operation: z.string() }) } },
    (request) => {
      const { operation } = request.params;
      const known = operationNames();
      const meant = didYouMean(operation, known) || `. Known are: ${known.join(', ')}`;
      throw new Problem(404, 'NotFound', asSentence(`There is no operation ${operation}${meant}`));
    },
  );
}
