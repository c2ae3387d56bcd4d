import swagger from '@fastify/swagger';
import type { FastifyError, FastifyInstance, FastifySchemaCompiler } from 'fastify';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { plainWords, problemsOf } from '../../catalogue/wording.js';
import { asSentence } from '../../contract/misspellings.js';
import type { Logger } from '../../telemetry/log.js';
import { version } from '../../settings/version.js';
import { addAdmission } from './admission.js';
import { addAsking } from './asking.js';
import { addAuditing } from './auditing.js';
import { readBody } from './body.js';
import { addCauses } from './causes.js';
import { addCustomers } from './customers.js';
import { addCancelling, addDeciding } from './deciding.js';
import { addDocuments } from './documents.js';
import { addOnboardings } from './onboardings.js';
import type { SharedParts } from './parts.js';
import { addReportRows } from './report-rows.js';
import { addOverviews } from './overviews.js';
import { Problem, problemOf } from './problem.js';
import { addReading } from './reading.js';
import { addStarting } from './starting.js';
import { addStreaming } from './streaming.js';
import { Streams } from './streams/streams.js';

const MOST_BYTES = 1024 * 1024;

/** The HTTP API. Whoever has no valid key learns nothing from it. */
export async function addApi(plain: FastifyInstance, { log, ...parts }: SharedParts & { log: Logger }): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.decorateRequest('sentQuery');
  app.decorateRequest('stillSees');
  await addAdmission(app, parts);
  addAuditing(app, parts.audit, log);
  readsJson(app);
  answersWithProblems(app, log);
  app.setValidatorCompiler(validator);
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  await app.register(swagger, {
    openapi,
    transform: createJsonSchemaTransform(toJsonSchema),
    transformObject: withNamedAnswers,
  });
  addReading(app, parts);
  addOverviews(app, parts);
  addStarting(app, parts);
  addAsking(app, parts);
  addReportRows(app, parts);
  addDeciding(app, parts);
  addCauses(app, parts);
  addCancelling(app, parts);
  const streams = new Streams({ ...parts, log });
  app.addHook('preClose', (done) => (streams.close(), done()));
  addStreaming(app, parts, streams);
  addCustomers(app, parts, streams);
  addOnboardings(app, parts);
  addDocuments(app);
  await app.register(answerUnknownPlaces, { prefix: '/v1' });
}

function answersWithProblems(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status === 500) log.error({ errorType: error.name, requestId: request.id }, 'a request failed');
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    const { retryAfterS = [429, 503].includes(problem.status) ? 5 : undefined } = problem;
    if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem.body(request.id)));
  });
}

/** The hooks of the API count here as well, so nobody without a key learns what there is. */
async function answerUnknownPlaces(v1: FastifyInstance): Promise<void> {
  v1.setNotFoundHandler(({ method, url }) => {
    const [path] = url.split('?');
    throw new Problem(404, 'NotFound', `There is no ${method} ${path}. GET /openapi.json and /docs say what there is.`);
  });
  return await Promise.resolve();
}

/** An answer may get more fields in a later version; a request with a field too many is refused. */
const toJsonSchema: Parameters<typeof createJsonSchemaTransform>[0] = {
  zodToJsonConfig: {
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema as unknown as z.ZodObject;
      const isStrict = def.type === 'object' && def.catchall !== undefined;
      if (jsonSchema.additionalProperties === false && !isStrict) delete jsonSchema.additionalProperties;
    },
  },
};

const withNamedSchemas = createJsonSchemaTransformObject(toJsonSchema);

/** Only answers have names. The library makes a second schema of each name, for requests. */
const withNamedAnswers: typeof withNamedSchemas = (document) => {
  const whole = withNamedSchemas(document) as { components?: { schemas?: object } };
  const schemas = Object.entries(whole.components?.schemas ?? {}).filter(([name]) => !name.endsWith('Input'));
  return { ...whole, components: { ...whole.components, schemas: Object.fromEntries(schemas) } };
};

const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'Tenantry',
    version: version(),
    license: { name: 'MIT', identifier: 'MIT' },
    description: 'Provisions Acronis customers durably. One id everywhere: here, on the command line, and in Temporal.',
  },
  servers: [{ url: '/', description: 'This gateway' }],
  components: {
    securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'tenantry key create' } as const },
  },
  security: [{ key: [] }],
};

/** Only JSON is read: a body of another type is refused. */
function readsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MOST_BYTES },
    (_request, bytes, done) => {
      try {
        done(null, readBody(bytes as Buffer));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

const validator: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (value: unknown) => {
    const reading = schema.safeParse(value ?? {}, { error: plainWords });
    if (reading.success) return { value: reading.data };
    const errors = problemsOf(reading.error);
    const [status, type] = httpPart === 'body' ? ([422, 'InvalidInput'] as const) : ([400, 'Unreadable'] as const);
    const named = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
    return { error: new Problem(status, type, asSentence(`The request cannot be used: ${named}`), errors) };
  };
