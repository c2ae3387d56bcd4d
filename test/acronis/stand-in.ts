import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAcronis, type Acronis, type AcronisOptions } from '../../acronis/index.js';

export const SECRET = 'hush-7f3d-secret';
export const TOKEN = 'token-one';
export const TENANT_ID = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
export const USER_ID = 'a3e0c5a4-0f5c-4a53-8a57-0a8f5f0c5d11';
export const ROOT_ID = '2f6c0a52-6a0e-4b55-9b0e-1f2d3c4b5a60';

/** A request as it came over the wire. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What to answer: status, body (objects become JSON), headers. */
export type Answer = [status: number, body?: unknown, headers?: Record<string, string>];

/** Answers a call, or handles the response itself and answers nothing. */
export type Answering = (seen: Seen, response: ServerResponse) => Answer | undefined | Promise<Answer | undefined>;

export interface StandIn {
  acronis: Acronis;
  url: string;
  /** All requests but those for tokens. */
  calls: Seen[];
  tokenCalls: Seen[];
  close(): Promise<void>;
}

/** A ten-line cloud: gives out tokens (token-one, token-two, …) and leaves everything else to the test. */
export async function startStandIn(
  answer: Answering,
  options: Partial<AcronisOptions> & { answerToken?: Answering } = {},
): Promise<StandIn> {
  const calls: Seen[] = [];
  const tokenCalls: Seen[] = [];
  const { answerToken = () => freshToken(tokenCalls.length, options.now ?? Date.now), ...given } = options;
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const seen: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      const isToken = seen.url === '/api/2/idp/token';
      (isToken ? tokenCalls : calls).push(seen);
      const answered = await (isToken ? answerToken : answer)(seen, response);
      if (answered === undefined) return;
      const [status, content, headers = {}] = answered;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof content === 'string' ? content : content === undefined ? '' : JSON.stringify(content));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { baseUrl: url, clientId: 'client-1', clientSecret: SECRET, version: '1.2.3' };
  return {
    acronis: createAcronis({ ...client, ...given }),
    url,
    calls,
    tokenCalls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** The nth token, good for two hours. */
export function freshToken(nth: number, now: () => number): Answer {
  const words = ['one', 'two', 'three', 'four'];
  const access_token = `token-${words[nth - 1] ?? String(nth)}`;
  const expires_on = Math.floor(now() / 1000) + 7200;
  return [200, { access_token, token_type: 'bearer', expires_on, expires_in: 7200, id_token: 'x' }];
}

/** A tenant as the vendor documents it, with a field we do not know. */
export function aTenant(fields: object = {}): object {
  return {
    id: TENANT_ID,
    version: 1,
    name: 'Northwind',
    kind: 'customer',
    parent_id: ROOT_ID,
    enabled: true,
    internal_tag: 'run-1',
    brand_id: 41,
    ...fields,
  };
}

/** A user as the vendor documents it. */
export function aUser(fields: object = {}): object {
  const contact = { email: 'jane@example.test', firstname: 'Jane', lastname: null };
  const id = { id: USER_ID, version: 1, tenant_id: TENANT_ID, login: 'jane' };
  return { ...id, activated: false, enabled: true, contact, ...fields };
}

/** The vendor's error body. */
export function aRefusal(code: string | number, message: string, info?: string): object {
  return { error: { code, domain: 'PlatformAccountServer', message, details: { info: info ?? null }, context: {} } };
}

/** What a promise failed with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error,
  );
}
