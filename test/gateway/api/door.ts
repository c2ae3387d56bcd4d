import { afterAll, beforeAll } from '@jest/globals';
import { digestOf, type ApiKey, type Role } from '../../../settings/api-keys.js';
import type { AppParts } from '../../../gateway/app.js';
import type { OperationEnvironment } from '../../support/operation-environment.js';
import { openDoor } from '../doors.js';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** The API of a gateway in this process, with one key of each role and one that may only provision. */
export interface Api {
  url: string;
  keys: ApiKey[];
  ask(method: 'GET' | 'POST', path: string, more?: { key?: string | null; body?: unknown }): Promise<Answer>;
}

const createdAt = '2026-01-01T00:00:00.000Z';
export const secretOf = (name: string) => `key-of-${name}`;
const key = (name: string, role: Role): ApiKey => ({ name, role, sha256: digestOf(secretOf(name)), createdAt });

export function useApi(env?: Pick<OperationEnvironment, 'client' | 'taskQueue'>, more: Partial<AppParts> = {}): Api {
  const api = {} as Api;
  let close: () => Promise<unknown>;
  beforeAll(async () => {
    const keys = [
      key('read', 'read'),
      key('operate', 'operate'),
      key('decide', 'decide'),
      { ...key('limited', 'decide'), operations: ['provisionCustomer'] },
    ];
    const door = await openDoor({
      keys: () => keys,
      ...(env && { client: env.client, taskQueue: env.taskQueue }),
      ...more,
    });
    close = async () => await door.close();
    Object.assign(api, { url: door.url, keys });
  });
  afterAll(async () => {
    await close();
  });
  api.ask = async (method, path, { key: by = 'decide', body } = {}) => {
    const reply = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        ...(by !== null && { authorization: `Bearer ${secretOf(by)}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Answer['body'] };
  };
  return api;
}
