import { z } from 'zod';
import { customerRequestSchemas } from '../../catalogue/customer-requests.js';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { askCustomer, customerNotFound, customerStatus } from '../../client/customers.js';
import { readerOfCustomer } from '../../client/readings.js';
import { customerRequests, type CustomerRequestName } from '../../contract/customer-requests.js';
import { customerStates, type CustomerStatus } from '../../contract/customers.js';
import type { Role } from '../../settings/api-keys.js';
import { acceptedSchema, customerListSchema, customerSchema } from './customer-schemas.js';
import {
  keyOfRequest,
  needsAllOperations,
  needsItsCustomer,
  operationIdOf,
  problemAnswers,
  type ApiApp,
  type ApiParts,
  type SharedParts,
} from './parts.js';
import { streamDescription } from './streaming.js';
import type { Streams } from './streams/streams.js';
import { Watches } from './streams/watches.js';
import { checkRequestWithin } from './tree/asked-within.js';
import { pageOfCustomersWithin } from './tree/pages-within.js';

const MOST_ITEMS = 200;
const USUAL_ITEMS = 50;

const listQuery = z.strictObject({
  state: z.enum(customerStates).optional(),
  search: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .optional()
    .describe('A part of the name, reference, tenant id or subscription, or how a login begins'),
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS).default(USUAL_ITEMS),
  after: z.string().max(500).optional().describe('The "next" of the page before'),
});

export const customerParams = z.object({ ref: z.string().min(1).describe('The reference, percent-encoded') });
export const cloudQuery = z.strictObject({
  cloud: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the name of a cloud')
    .max(40)
    .optional()
    .describe('The cloud of the customer; the default one unless given'),
});

/** What keys see and ask of customers. A key that is limited to operations has no access to customers. */
export function addCustomers(app: ApiApp, parts: SharedParts, streams: Streams): void {
  addList(app, parts);
  addStatus(app, parts);
  addStream(app, parts, streams);
  addRequests(app, parts);
}

const seesCustomers = needsAllOperations('read');

/** Hooks that let only keys of this role pass that see this customer. */
export const seesThisCustomer = (parts: ApiParts, role: Role = 'read') => [
  needsAllOperations(role),
  needsItsCustomer(parts, ({ params, query }) => ({
    ...(params as { ref: string }),
    ...(query as { cloud?: string }),
  })),
];

function addList(app: ApiApp, parts: SharedParts): void {
  app.get(
    '/v1/customers',
    {
      preHandler: seesCustomers,
      schema: {
        operationId: 'listCustomers',
        summary: 'The customers whom sources have spoken of, newest first',
        querystring: listQuery,
        response: { 200: customerListSchema, ...problemAnswers },
      },
    },
    async (request) => await pageOfCustomersWithin(parts, keyOfRequest(request), request.query),
  );
}

function addStatus(app: ApiApp, parts: ApiParts): void {
  const { client, taskQueue } = parts;
  app.get(
    '/v1/customers/:ref',
    {
      preHandler: seesThisCustomer(parts),
      schema: {
        operationId: 'customerStatus',
        summary: 'What is sold to a customer, what its tenant should be, and what happens next',
        params: customerParams,
        querystring: cloudQuery,
        response: { 200: customerSchema, ...problemAnswers },
      },
    },
    async (request) => {
      const name = { ...request.params, ...request.query };
      const status = await customerStatus(client, name, taskQueue);
      if (status === undefined) throw customerNotFound(name);
      return status as z.infer<typeof customerSchema>;
    },
  );
}

function addStream(app: ApiApp, parts: ApiParts, streams: Streams): void {
  const { client, taskQueue } = parts;
  const watches = new Watches<CustomerStatus>();
  app.get(
    '/v1/customers/:ref/stream',
    {
      exposeHeadRoute: false,
      preHandler: seesThisCustomer(parts),
      schema: {
        operationId: 'streamCustomer',
        summary: 'The status of a customer whenever it changes',
        description: streamDescription,
        params: customerParams,
        querystring: cloudQuery,
        response: {
          200: { description: 'The events', content: { 'text/event-stream': { schema: customerSchema } } },
          ...problemAnswers,
        },
      },
    },
    async (request, reply) => {
      const name = { ...request.params, ...request.query };
      const id = customerWorkflowId(name.ref, name.cloud);
      const reader = () => readerOfCustomer(client, name, taskQueue);
      return await streams.serve(request, reply, (leaving) => watches.join(id, reader, leaving));
    },
  );
}

/** What each request does, and the role it needs. */
export const requests: Record<CustomerRequestName, { summary: string; role: Role }> = {
  act: { role: 'decide', summary: 'End the observation: do what is sold from now on' },
  pause: { role: 'operate', summary: 'Read facts, but start nothing, until "resume"' },
  hold: { role: 'operate', summary: 'Disable and delete nothing, until "resume"' },
  resume: { role: 'operate', summary: 'End "pause" and "hold"' },
  adopt: { role: 'decide', summary: 'Make an existing tenant the one of the customer, and change nothing in it' },
  release: { role: 'decide', summary: 'Forget the tenant: nothing is deleted, and nothing is created' },
  converge: { role: 'decide', summary: 'Look at the tenant and try again; say yes to what is asked' },
  offboard: { role: 'decide', summary: 'Say yes to the end of a customer of whom nothing is sold any more' },
  move: { role: 'decide', summary: 'Say whose a subscription is that another customer has heard of too' },
};

function addRequests(app: ApiApp, parts: SharedParts): void {
  const { client, taskQueue, overviews, sign } = parts;
  for (const name of customerRequests)
    app.post(
      `/v1/customers/:ref/${name}`,
      {
        preHandler: seesThisCustomer(parts, requests[name].role),
        // the request is read where the command line has it read too, so both say the same
        validatorCompiler: ({ httpPart, schema }) =>
          httpPart === 'body' ? (value: unknown) => ({ value }) : app.validatorCompiler!({ httpPart, schema } as never),
        schema: {
          operationId: operationIdOf('customer', name),
          summary: requests[name].summary,
          params: customerParams,
          querystring: cloudQuery,
          body: customerRequestSchemas[name] as z.ZodType<object>,
          response: { 200: acceptedSchema, ...problemAnswers },
        },
      },
      async (request) => {
        const key = keyOfRequest(request);
        const asked = { ...request.params, ...request.query, name, actor: key.name, sign, fields: request.body ?? {} };
        await checkRequestWithin(parts, key, asked);
        const accepted = await askCustomer(client, asked, taskQueue);
        overviews.renew(customerWorkflowId(asked.ref, asked.cloud));
        return accepted;
      },
    );
}
