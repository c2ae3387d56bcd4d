import { readFileSync } from 'node:fs';
import type { Delivery, Reading, SourceContext } from '../../sources/kind.js';
import { sourceKinds, type SourceKindName } from '../../sources/index.js';

const FOLDER = new URL('../../../test/sources/deliveries/', import.meta.url);

/** The bytes of a recorded delivery, such as `stripe/customer.updated.json`. */
export function recorded(file: string): Buffer {
  return readFileSync(new URL(file, FOLDER));
}

export function delivery(body: Uint8Array | string, headers: Record<string, string> = {}): Delivery {
  return { method: 'POST', url: 'https://hooks.example/v1/events/test', headers, body: Buffer.from(body) };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  'cloudevents/batch.json': 'application/cloudevents-batch+json',
};

/** What a recorded delivery says, when it arrives on 1 April 2026. */
export function read(file: string, context: Partial<SourceContext> = {}): Reading[] {
  const kind = file.split('/')[0] as SourceKindName;
  const headers = {
    'content-type': CONTENT_TYPES[file] ?? 'application/cloudevents+json',
    'webhook-id': 'msg-1',
  };
  return sourceKinds[kind].normalise(delivery(recorded(file), headers), {
    name: 'shop',
    timezone: 'Europe/Vienna',
    now: new Date('2026-04-01T00:00:00Z'),
    ...context,
  });
}

/** What a JSON body says to a kind of sender. */
export function readBody(kind: SourceKindName, body: unknown, context: Partial<SourceContext> = {}): Reading[] {
  return readText(kind, JSON.stringify(body), context);
}

/** The same for a text, which may have what `JSON.stringify` does not write. */
export function readText(kind: SourceKindName, body: string, context: Partial<SourceContext> = {}): Reading[] {
  const headers = { 'content-type': 'application/cloudevents+json', 'webhook-id': 'msg-1' };
  return sourceKinds[kind].normalise(delivery(body, headers), {
    name: 'shop',
    timezone: 'Europe/Vienna',
    now: new Date('2026-04-01T00:00:00Z'),
    ...context,
  });
}

type Json = Record<string, unknown>;

/** A recorded body in which the object at a path has other fields. */
export function changed(file: string, path: readonly string[], fields: Json): Json {
  const body = JSON.parse(recorded(file).toString()) as Json;
  Object.assign(objectAt(body, path), fields);
  return body;
}

/** The object at a path of a recorded body. */
export function part(file: string, path: readonly string[]): Json {
  return objectAt(JSON.parse(recorded(file).toString()) as Json, path);
}

function objectAt(body: Json, path: readonly string[]): Json {
  return path.reduce((at, name) => at[name] as Json, body);
}
