import { expect, test } from '@jest/globals';
import { createAcronis, type Acronis } from '../../acronis/index.js';
import { ALONE, type Described } from './described.js';
import { things } from './full-replies.js';
import { rows } from './reading-methods.js';
import { failureOf } from './stand-in.js';

/** Of these nothing is read but the status, a text, or what another method reads as well. */
const unread = [
  'clients.remove',
  'tenants.remove',
  'tenants.restore',
  'users.checkLogin',
  'users.remove',
  'users.sendActivationEmail',
  'users.setPassword',
  'impersonation.whoIs',
  'editions.switch',
  'applications.unbind',
  'reports.download',
  'reports.remove',
  'registrationTokens.remove',
  'resources.createGroup',
  'resources.remove',
  'planApplications.run',
];

/** A client of a cloud that answers everything with this. */
function answeredWith(reply: unknown): Acronis {
  const token = { access_token: 'token-one', token_type: 'bearer', expires_in: 7200, id_token: 'x' };
  const options = { baseUrl: 'https://cloud.example.test', clientId: 'c', clientSecret: 's', version: '1' };
  const answer = async (input: Parameters<typeof fetch>[0]) =>
    Response.json((input as Request).url.endsWith('/idp/token') ? token : reply);
  return createAcronis({ ...options, fetch: answer });
}

const GONE = Symbol('left out');

/** Every place in a value, the value itself first; of a list only the first entry. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const within = Array.isArray(value) ? [['0', value[0]] as const] : Object.entries(value);
  return [path, ...within.flatMap(([key, part]) => places(part, [...path, key]))];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, key) => (inner as Record<string, unknown>)[key], value);
}

function altered(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  const inner = altered(copy[key], rest, to);
  if (inner === GONE) delete copy[key];
  else copy[key] = inner;
  return copy;
}

function otherKinds(value: unknown): unknown[] {
  if (typeof value === 'object' && value !== null)
    return [true, ...(Array.isArray(value) ? [{ newKind: 1 }] : ['new'])];
  return [{ newKind: 1 }, typeof value === 'boolean' ? 'yes' : true];
}

/** The places whose values are not the same, as deep as they are in both. */
function differences(one: unknown, other: unknown, path: readonly string[] = []): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const parts = [one, other].map((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : undefined));
  if (parts.includes(undefined)) return [path.join('.')];
  const keys = new Set(parts.flat() as string[]);
  const part = (whole: unknown, key: string) => (whole as Record<string, unknown>)[key];
  return [...keys].flatMap((key) => differences(part(one, key), part(other, key), [...path, key]));
}

/** What a method says of the one thing that it was told of. */
const said = (result: unknown): unknown => (Array.isArray(result) && result.length === 1 ? result[0] : result);

test('every method is here, so that no answer goes untried', () => {
  const nouns = Object.entries(answeredWith({})).filter(([, noun]) => typeof noun === 'object');
  const methods = nouns.flatMap(([name, noun]) => Object.keys(noun as object).map((method) => `${name}.${method}`));

  expect([...rows.map(([method]) => method), ...unread].sort()).toEqual(methods.sort());
});

test.each(rows)(
  '%s accepts optional fields that are absent, null or of a new kind',
  async (_m, name, call, around = (told) => told) => {
    const { full, needed = [], decisive = [], partOf = {} }: Described = things[name];
    const read = async (told: unknown) => said(await call(answeredWith(around(told))));
    const whole = await read(full);
    const wrong: string[] = [];
    const check = async (path: readonly string[], value: unknown, mayFail: boolean) => {
      const place = path.join('.');
      const words = `${place} ${value === GONE ? 'left out' : JSON.stringify(value)}`;
      const told = around(altered(full, path, value));
      if (mayFail) {
        const failure = (await failureOf(call(answeredWith(told))).catch(() => ({}))) as { kind?: string };
        if (failure.kind !== 'unreadable') wrong.push(`${words}: read all the same`);
        return;
      }
      const result = await read(altered(full, path, value)).catch((error: unknown) => error as Error);
      if (result instanceof Error) wrong.push(`${words}: ${result.message}`);
      else {
        const touched = partOf[place] ?? place.replace(/\.0$/, '');
        const others = differences(whole, result).filter(
          (other) => touched !== ALONE && !`${other}.`.startsWith(`${touched}.`),
        );
        if (others.length > 0) wrong.push(`${words}: took along ${others.join(', ')}`);
      }
    };
    for (const path of places(full)) {
      const place = path.join('.');
      const isEntry = path.at(-1) === '0';
      const isNeeded = needed.includes(place);
      if (path.length > 0 && !isEntry) await check(path, GONE, isNeeded);
      if (path.length > 0) await check(path, null, isNeeded);
      if (path.length === 0 && !isNeeded) continue;
      for (const kind of otherKinds(at(full, path))) await check(path, kind, isNeeded || decisive.includes(place));
    }
    expect(wrong).toEqual([]);
    if (typeof full === 'object') expect(await read({ ...full, newField: { of: 'a later version' } })).toEqual(whole);
  },
);
