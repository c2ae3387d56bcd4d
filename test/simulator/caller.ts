import { afterEach, beforeEach } from '@jest/globals';
import { startSimulator, type Fixture, type Simulator } from '../../simulator/index.js';

type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The answer read as JSON; an empty object where it is none. */
  body: Json;
}

/** A program that talks to the imitation by plain HTTP, as the vendor's own examples do. */
export interface Caller {
  simulator: Simulator;
  token: string;
  /** A call of account management. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A call of any interface: the path is whole. */
  callAt(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  aTenant(fields?: Json): Promise<Json & { id: string; version: number }>;
  aUser(tenantId: string, fields?: Json): Promise<Json & { id: string; version: number }>;
}

/** A fresh imitation and a caller with a token, for each test. */
export function useCaller(fixture: Fixture = {}): Caller {
  const caller = {} as Caller;
  let made = 0;
  beforeEach(async () => {
    const simulator = await startSimulator({ fixture });
    const callAt: Caller['callAt'] = async (method, path, body, headers = {}) =>
      await send(`${simulator.url}${path}`, method, body, { authorization: `Bearer ${caller.token}`, ...headers });
    const call: Caller['call'] = async (method, path, ...rest) => await callAt(method, `/api/2${path}`, ...rest);
    Object.assign(caller, {
      simulator,
      token: await fetchToken(simulator),
      call,
      callAt,
      aTenant: async (fields: Json = {}) => {
        const kind = { kind: 'customer', parent_id: simulator.rootTenantId };
        return (await call('POST', '/tenants', { name: `Tenant ${(made += 1)}`, ...kind, ...fields })).body;
      },
      aUser: async (tenantId: string, fields: Json = {}) => {
        const login = `user-${(made += 1)}`;
        const contact = { email: `${login}@example.com` };
        return (await call('POST', '/users', { tenant_id: tenantId, login, contact, ...fields })).body;
      },
    });
  });
  afterEach(async () => {
    await caller.simulator.close();
  });
  return caller;
}

/** Asks for a token by client credentials. */
export async function fetchToken({ url, clientId, clientSecret }: Simulator): Promise<string> {
  const answer = await askToken(url, `${clientId}:${clientSecret}`, { grant_type: 'client_credentials' });
  return String(answer.body['access_token']);
}

export async function askToken(url: string, credentials: string, form: Record<string, string>): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return await read(
    await fetch(`${url}/api/2/idp/token`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(form),
    }),
  );
}

/** From now on the caller acts for this tenant only. */
export async function narrow(caller: Caller, tenantId: string): Promise<void> {
  const { url, clientId, clientSecret } = caller.simulator;
  const answer = await askToken(url, `${clientId}:${clientSecret}`, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: caller.token,
    scope: `urn:acronis.com:tenant-id:${tenantId}`,
  });
  caller.token = String(answer.body['access_token']);
}

async function send(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return await read(await fetch(url, { method, headers: { ...type, ...headers }, ...json }));
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: Json = {};
  try {
    body = JSON.parse(text) as Json;
  } catch {
    // not every answer is JSON
  }
  return { status: response.status, headers: response.headers, text, body };
}

/** The vendor's code of a refusal. */
export function codeOf({ body }: Answer): unknown {
  return (body['error'] as Json | undefined)?.['code'];
}
