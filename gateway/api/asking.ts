import { z } from 'zod';
import type { CatalogueEntry } from '../../catalogue/entry.js';
import { catalogue } from '../../catalogue/index.js';
import { lookUpNames, lookUps, type LookUpName } from '../../catalogue/look-ups.js';
import { askWorker } from '../../client/ask-worker.js';
import { operationNames, readOrder } from '../../client/operations.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import {
  LOOK_UP,
  PLAN_OPERATION,
  REPORT_ROWS,
  type LookUpPage,
  type LookUpQuestion,
} from '../../contract/questions.js';
import type { ApiKey } from '../../settings/api-keys.js';
import { checkOperation, checkRole } from './access.js';
import { mediaType } from './media-type.js';
import {
  keyOfRequest,
  needs,
  needsAllOperations,
  operationIdOf,
  problemAnswers,
  type ApiApp,
  type SharedParts,
} from './parts.js';
import { Problem } from './problem.js';
import { pageOfRowsSchema, planSchema } from './schemas-of-answers.js';
import { sendRows } from './sent-rows.js';
import { queryWithin, rowsWithin } from './tree/asked-within.js';
import { partOf } from './tree/part-of-tree.js';
import { inputWithin } from './tree/start-within.js';

/** What a worker answers for the gateway, which has no credentials of a cloud. */
export function addAsking(app: ApiApp, parts: SharedParts): void {
  addPlans(app, parts);
  addLookUps(app, parts);
}

type Askers = Pick<SharedParts, 'client' | 'taskQueue' | 'questions'>;

/** One page of a look-up. Fails as `unavailable` when no worker answers, or when too many ask already. */
export async function askLookUp(
  { client, taskQueue, questions }: Askers,
  question: LookUpQuestion,
  signal: AbortSignal,
): Promise<LookUpPage> {
  const asking = { type: LOOK_UP, question, taskQueue, name: 'The look-up', signal };
  const cloud = question.query['cloud'] ?? DEFAULT_CLOUD;
  return await questions.ask(cloud, async () => await askWorker<LookUpPage>(client, asking));
}

export type PlanAnswer = z.output<typeof planSchema>;

/**
 * What an operation would do with this input. Fails with every problem of the input, and as `unavailable` when no worker
 * answers, or when too many ask already.
 */
async function askPlan(
  { client, taskQueue, questions }: Askers,
  entry: CatalogueEntry,
  input: unknown,
  signal: AbortSignal,
): Promise<PlanAnswer> {
  const { cloud = DEFAULT_CLOUD } = readOrder(entry, input).order;
  const asking = {
    type: PLAN_OPERATION,
    question: { operation: entry.name, input },
    taskQueue,
    name: 'The plan',
    signal,
  };
  return await questions.ask(cloud, async () => await askWorker<PlanAnswer>(client, asking));
}

/** The same for whoever has this key: only of its operations, and in its part of the tenant tree. */
export async function planWithin(
  parts: SharedParts,
  key: ApiKey,
  { entry, input }: { entry: CatalogueEntry; input: unknown },
  signal: AbortSignal,
): Promise<PlanAnswer> {
  checkRole(key, 'read');
  checkOperation(key, entry.name);
  const part = partOf(parts, key);
  const seen = part === undefined ? input : await inputWithin(parts, part, { operation: entry.name, input });
  return await askPlan(parts, entry, seen, signal);
}

/** One route for each operation, so that the document says what each takes. */
function addPlans(app: ApiApp, parts: SharedParts): void {
  for (const entry of Object.values(catalogue)) {
    const { name, schema: body } = entry;
    app.post(
      `/v1/operations/${name}/plan`,
      {
        preHandler: needs('read'),
        // the operation reads its input itself, and says every problem of it
        validatorCompiler: () => (value) => ({ value }),
        config: { changesNothing: true },
        schema: {
          operationId: operationIdOf('plan', name),
          summary: `What ${name} would do, what cannot be undone, and where it would wait or be refused`,
          description: 'Changes nothing. A worker reads the cloud for it.',
          body,
          response: { 200: planSchema, ...problemAnswers },
        },
      },
      async (request) => {
        return await planWithin(parts, keyOfRequest(request), { entry, input: request.body }, request.signal);
      },
    );
  }
  app.post(
    '/v1/operations/:operation/plan',
    { config: { changesNothing: true }, schema: { hide: true, params: z.object({ operation: z.string() }) } },
    (request) => {
      throw unknown(`operation ${request.params.operation}`, operationNames());
    },
  );
}

function addLookUps(app: ApiApp, parts: SharedParts): void {
  for (const name of lookUpNames) {
    app.get(
      `/v1/show/${name}`,
      {
        preHandler: needsAllOperations('read'),
        schema: schemaOf(name),
        // the worker reads the parameters as they were sent
        preValidation: async (request) => {
          request.sentQuery = request.query as Record<string, string>;
          return await Promise.resolve();
        },
      },
      async (request, reply) => {
        const form = mediaType(request.headers.accept, ['application/json', 'text/csv']);
        const { sentQuery } = request;
        const key = keyOfRequest(request);
        const question = { lookUp: name, query: await queryWithin(parts, key, name, sentQuery) };
        const page = await askLookUp(parts, question, request.signal);
        const seen = { ...page, rows: rowsWithin(key, page) };
        return await sendRows(reply, form, seen, (next) => placeOf(name, sentQuery, next));
      },
    );
  }
  app.get('/v1/show/:lookUp', { schema: { hide: true, params: z.object({ lookUp: z.string() }) } }, (request) => {
    throw unknown(`look-up ${request.params.lookUp}`, [...lookUpNames, REPORT_ROWS].toSorted());
  });
}

function schemaOf(name: LookUpName) {
  const { summary, query: querystring } = lookUps[name];
  return {
    operationId: operationIdOf('show', name),
    summary,
    description:
      'Changes nothing. With "Accept: text/csv" the rows are CSV. The header "Link" names the next page in both forms.',
    querystring,
    response: { 200: pageOfRowsSchema, ...problemAnswers },
  };
}

function placeOf(name: string, query: Readonly<Record<string, string>>, after: string): string {
  return `/v1/show/${name}?${new URLSearchParams({ ...query, after }).toString()}`;
}

function unknown(what: string, known: readonly string[]): Problem {
  return new Problem(404, 'NotFound', `There is no ${what}. Known are: ${known.join(', ')}.`);
}
