import type { FastifyInstance, FastifyRequest } from 'fastify';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import type { CustomerPage } from '../../client/customer-list.js';
import { askCustomer, customerNotFound, customerStatus, type CustomerName } from '../../client/customers.js';
import { readerOfCustomer } from '../../client/readings.js';
import { customerRequests, type CustomerRequestName } from '../../contract/customer-requests.js';
import { customerStates, type CustomerState, type CustomerStatus } from '../../contract/customers.js';
import type { Role } from '../../settings/api-keys.js';
import { requests } from '../api/customers.js';
import { needsAllOperations, needsItsCustomer } from '../api/parts.js';
import { problemOf } from '../api/problem.js';
import { checkRequestWithin } from '../api/tree/asked-within.js';
import { pageOfCustomersWithin } from '../api/tree/pages-within.js';
import { CustomerPage as OneCustomer } from './customer.js';
import { CustomersView } from './customers.js';
import { NotTaken, type Refused } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import type { PageParts } from './parts.js';
import { Recent } from './recent.js';
import { addScreen, sendTrouble } from './screens.js';
import { TOKEN_FIELD } from './pieces.js';
import { pathOfCustomer } from './words.js';

type ListPage = CustomerPage & { missing?: string[] };

const place = '/customers';
const MOST_SHOWN = 200;
const FRESH_MS = 900;
const pace = { shortest: 1000, longest: 1000, patience: 3000 };

/** The customers of billing and CRM systems. A key that is limited to operations does not see them. */
export function addCustomerScreens(app: FastifyInstance, parts: PageParts): void {
  addList(app, parts);
  const read = async (request: FastifyRequest) => await readCustomer(parts, customerIn(request));
  addScreen<CustomerStatus>(app, parts, {
    path: '/customers/:ref',
    place,
    check: seesThis(parts, 'read'),
    nameOf: (request) => idOf(customerIn(request)),
    read,
    reader: (request) => readerOfCustomer(parts.client, customerIn(request), parts.taskQueue),
    draw: (request, status) => customerScreen(request, status),
  });
  for (const name of customerRequests) addRequest(app, parts, name);
}

/** A check that lets only keys of this role pass that see this customer. */
function seesThis(parts: PageParts, role: Role) {
  const checks = [needsAllOperations(role), needsItsCustomer(parts, customerIn)];
  return async (request: FastifyRequest): Promise<void> => {
    for (const check of checks) await check(request);
  };
}

function addList(app: FastifyInstance, parts: PageParts): void {
  const readings = new Recent<ListPage>(FRESH_MS);
  const nameOf = (request: FastifyRequest) =>
    JSON.stringify([sessionIn(request).key.below ?? null, searchIn(request), stateIn(request) ?? null]);
  const read = async (request: FastifyRequest) => {
    const [search, state] = [searchIn(request), stateIn(request)];
    const filter = { limit: MOST_SHOWN, state, ...(search !== '' && { search }) };
    const { key } = sessionIn(request);
    return await readings.get(nameOf(request), async () => await pageOfCustomersWithin(parts, key, filter));
  };
  addScreen<ListPage>(app, parts, {
    path: '/customers',
    place,
    check: needsAllOperations('read'),
    nameOf,
    pace,
    read,
    reader: (request) => async () => ({ status: await read(request), isOver: false }),
    draw: (request, { items, next, missing }): Screen => ({
      title: 'Customers',
      body: (
        <CustomersView
          customers={items}
          search={searchIn(request)}
          state={stateIn(request)}
          hasMore={next !== undefined}
          missing={missing}
        />
      ),
    }),
  });
}

function addRequest(app: FastifyInstance, parts: PageParts, name: CustomerRequestName): void {
  const path = `/customers/:ref/${name}`;
  const back = (request: FastifyRequest) => pathOfCustomer(customerIn(request).ref, customerIn(request).cloud);
  app.get(path, (request, reply) => reply.redirect(back(request), 303));
  app.post(path, { preHandler: seesThis(parts, requests[name].role) }, async (request, reply) => {
    const session = sessionIn(request);
    const fields = fieldsIn(request);
    try {
      const asked = { ...customerIn(request), name, actor: session.key.name, fields, sign: parts.sign };
      await checkRequestWithin(parts, session.key, asked);
      await askCustomer(parts.client, asked, parts.taskQueue);
      parts.overviews.renew(idOf(customerIn(request)));
      return await reply.redirect(back(request), 303);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500 || problem.status === 404) return sendTrouble(request, reply, error as Error);
      const refused = { choice: name, reason: formIn(request).get('reason') ?? '', message: problem.message };
      const screen = customerScreen(request, await readCustomer(parts, customerIn(request)), refused);
      const notice = <NotTaken refused={refused} />;
      return sendScreen(reply, problem.status, { ...screen, session, place, notice, stream: `/live${back(request)}` });
    }
  });
}

/** What is left empty is not given. */
function fieldsIn(request: FastifyRequest): object {
  const form = formIn(request);
  const fields = form.getAll('fields').flatMap((text) => text.split(',').map((one) => one.trim()));
  const given = [...form].filter(([name, text]) => name !== TOKEN_FIELD && text.trim() !== '');
  return Object.fromEntries(
    given.map(([name, text]) => {
      if (name === 'fields') return [name, fields.filter((one) => one !== '')];
      return [name, name === 'create' ? true : text.trim()];
    }),
  );
}

function customerScreen(request: FastifyRequest, status: CustomerStatus, refused?: Refused): Screen {
  return {
    title: `${status.wanted.name ?? status.ref} ${status.state}`,
    body: <OneCustomer status={status} session={sessionIn(request)} refused={refused} />,
  };
}

async function readCustomer({ client, taskQueue }: PageParts, name: CustomerName): Promise<CustomerStatus> {
  const status = await customerStatus(client, name, taskQueue);
  if (status === undefined) throw customerNotFound(name);
  return status;
}

/** The customer that an address names. */
export function customerIn({ params, query }: FastifyRequest): CustomerName {
  const { cloud } = query as { cloud?: unknown };
  const isName = typeof cloud === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(cloud);
  return { ...(params as { ref: string }), ...(isName && { cloud }) };
}

const idOf = ({ ref, cloud }: CustomerName) => customerWorkflowId(ref, cloud);

/** The state of the customers to show; all without it. */
function stateIn({ query }: FastifyRequest): CustomerState | undefined {
  const { state } = query as { state?: unknown };
  return customerStates.find((one) => one === state);
}

function searchIn({ query }: FastifyRequest): string {
  const { search } = query as { search?: string | string[] };
  return String(search ?? '')
    .trim()
    .slice(0, 255);
}
