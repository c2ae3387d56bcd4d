import { afterAll, beforeAll } from '@jest/globals';
import { digestOf, type ApiKey, type Role } from '../../../settings/api-keys.js';
import type { AppParts } from '../../../gateway/app.js';
import { openDoor } from '../doors.js';

export interface Answer {
  status: number;
  headers: Headers;
  html: string;
}

/** A gateway in this process with the page, and what a browser without a script would do. */
export interface Page {
  url: string;
  keys: ApiKey[];
  /** Logs in, and gives the cookie. */
  logIn(name: string): Promise<string>;
  get(path: string, cookie?: string): Promise<Answer>;
  /** Sends a form; with `form`, that of the screen at `path` gives the token. */
  post(
    path: string,
    fields: Record<string, string> | URLSearchParams,
    more?: { cookie?: string; origin?: string | null },
  ): Promise<Answer>;
  /** The token in the forms of a session. */
  tokenOf(cookie: string): Promise<string>;
}

export const secretOf = (name: string) => `key-of-${name}`;
const createdAt = '2026-01-01T00:00:00.000Z';
export const keyOf = (name: string, role: Role): ApiKey => ({
  name,
  role,
  sha256: digestOf(secretOf(name)),
  createdAt,
});

/** A page that stands while the tests of one file run. */
export function usePage(more: Partial<AppParts> = {}): Page {
  const page = {} as Page;
  let close: () => Promise<unknown>;
  beforeAll(async () => {
    const limited = { ...keyOf('limited', 'decide'), operations: ['disableTenant'] };
    const keys = [keyOf('read', 'read'), keyOf('operate', 'operate'), keyOf('decide', 'decide'), limited];
    const door = await openDoor({ keys: () => keys, publicUrl: () => 'http://127.0.0.1:1', ...more });
    close = async () => await door.close();
    Object.assign(page, { url: door.url, keys });
  });
  afterAll(async () => await close());
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const reply = await fetch(`${page.url}${path}`, { redirect: 'manual', ...init });
    return { status: reply.status, headers: reply.headers, html: await reply.text() };
  };
  page.get = async (path, cookie) => await ask(path, { headers: cookie === undefined ? {} : { cookie } });
  page.post = async (path, fields, { cookie, origin = page.url } = {}) =>
    await ask(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { ...(cookie !== undefined && { cookie }), ...(origin !== null && { origin }) },
    });
  page.logIn = async (name) => {
    const { headers } = await page.post('/log-in', { key: secretOf(name) });
    return headers.getSetCookie()[0]!.split(';')[0]!;
  };
  page.tokenOf = async (cookie) =>
    /name="formToken" value="([^"]+)"/.exec((await page.get('/start', cookie)).html)![1]!;
  return page;
}
