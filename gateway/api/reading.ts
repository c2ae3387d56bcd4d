import { z } from 'zod';
import { currentInput } from '../../client/inputs.js';
import { operationNames } from '../../client/operations.js';
import { operationStatus } from '../../client/status.js';
import { operationStates } from '../../contract/status.js';
import { checkOperation } from './access.js';
import { keyOfRequest, needs, needsItsRun, problemAnswers, runParams, type ApiApp, type ApiParts } from './parts.js';
import { listSchema, statusSchema } from './schemas.js';
import { pageOfRunsWithin } from './tree/pages-within.js';

const MOST_ITEMS = 200;
const USUAL_ITEMS = 50;

const listQuery = z.strictObject({
  state: z.enum(operationStates).optional(),
  customer: z.string().min(1).max(255).optional().describe('A tenant id, your own reference, or the name'),
  operation: z.enum(operationNames()).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS).default(USUAL_ITEMS),
  after: z.string().max(500).optional().describe('The "next" of the page before'),
});

/** What a key with the role `read` sees of runs. */
export function addReading(app: ApiApp, parts: ApiParts): void {
  addList(app, parts);
  addRun(app, parts);
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.get(
    '/v1/operations',
    {
      preHandler: needs('read'),
      schema: {
        operationId: 'listOperations',
        summary: 'The runs: open ones first, then those that closed last',
        querystring: listQuery,
        response: { 200: listSchema, ...problemAnswers },
      },
    },
    async (request) => {
      const { operation, ...filter } = request.query;
      const key = keyOfRequest(request);
      if (operation !== undefined) checkOperation(key, operation);
      const operations = operation === undefined ? key.operations : [operation];
      return await pageOfRunsWithin(parts, key, { ...filter, operations });
    },
  );
}

function addRun(app: ApiApp, parts: ApiParts): void {
  const { client, taskQueue } = parts;
  const ofRun = [needs('read'), needsItsRun(parts)];
  app.get(
    '/v1/operations/:id',
    {
      preHandler: ofRun,
      schema: {
        operationId: 'operationStatus',
        summary: 'What is going on in a run, or how it ended',
        params: runParams,
        response: { 200: statusSchema, ...problemAnswers },
      },
    },
    async (request) => await operationStatus(client, request.params.id, taskQueue),
  );
  app.get(
    '/v1/operations/:id/input',
    {
      preHandler: ofRun,
      schema: {
        operationId: 'operationInput',
        summary: 'The input that a run uses now, to amend it',
        params: runParams,
        response: { 200: z.looseObject({}), ...problemAnswers },
      },
    },
    async (request) => (await currentInput(client, request.params.id)) as Record<string, unknown>,
  );
}
