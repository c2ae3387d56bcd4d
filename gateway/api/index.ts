import swagger from '@fastify/swagger';
import type { FastifyError, FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { createJsonSchemaTransform, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { plainWords, unknownFields } from '../../catalogue/wording.js';
import { joinPath } from '../../catalogue/raw-input.js';
import { explainServiceError } from '../../client/service-errors.js';
import { TenantryError } from '../../contract/errors.js';
import type { Logger } from '../../telemetry/log.js';
import { version } from '../../settings/version.js';
import { keyOf } from './access.js';
import { readBody } from './body.js';
import { addCancelling, addDeciding } from './deciding.js';
import type { ApiParts } from './parts.js';
import { Problem, toProblem } from './problem.js';
import { addOverviews } from './overviews.js';
import { addReading } from './reading.js';
import { addStarting } from './starting.js';

const MOST_BYTES = 1024 * 1024;

/** The HTTP API. Whoever has no valid key learns nothing from it. */
export async function addApi(plain: FastifyInstance, { log, ...parts }: ApiParts & { log: Logger }): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  app.decorateRequest('apiKey', null);
  app.addHook('onRequest', async (request) => {
    if (parts.isStopping()) throw new Problem(503, 'Unavailable', 'The gateway is stopping. Try again.');
    request.apiKey = keyOf(request.headers.authorization, parts.keys());
    return await Promise.resolve();
  });
  readsJson(app);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status === 500) log.error({ errorType: error.name, requestId: request.id }, 'a request failed');
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (problem.status === 503) void reply.header('retry-after', '5');
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem.body(request.id)));
  });
  app.setValidatorCompiler(validator);
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  await app.register(swagger, { openapi, transform });
  addReading(app, parts);
  addOverviews(app, parts);
  addStarting(app, parts);
  addDeciding(app, parts);
  addCancelling(app, parts);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

/** An answer may get more fields in a later version; a request with a field too many is refused. */
const transform = createJsonSchemaTransform({
  zodToJsonConfig: {
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema as unknown as z.ZodObject;
      const isStrict = def.type === 'object' && def.catchall !== undefined;
      if (jsonSchema.additionalProperties === false && !isStrict) delete jsonSchema.additionalProperties;
    },
  },
});

const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'Tenantry',
    version: version(),
    description: 'Provisions Acronis customers durably. One id everywhere: here, on the command line, and in Temporal.',
  },
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
    const errors = reading.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? unknownFields(issue)
        : [{ path: joinPath(issue.path) || 'input', message: issue.message }],
    );
    const [status, type] = httpPart === 'body' ? ([422, 'InvalidInput'] as const) : ([400, 'Unreadable'] as const);
    const named = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
    return { error: new Problem(status, type, `The request cannot be used: ${named}.`, errors) };
  };

function problemOf(error: FastifyError | TenantryError | Problem): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TenantryError) return toProblem(error);
  const ofTemporal = explainServiceError('answer', error);
  if (ofTemporal !== undefined) return toProblem(ofTemporal);
  const { statusCode = 500, message } = error;
  if (statusCode === 415)
    return new Problem(415, 'Unreadable', 'Send the body as JSON, with "Content-Type: application/json".');
  if (statusCode < 500) return new Problem(statusCode, 'Unreadable', message);
  return new Problem(500, 'Internal', 'The gateway failed. Its log says more.');
}
