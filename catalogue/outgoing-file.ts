import { z } from 'zod';
import type { InputProblem } from '../contract/errors.js';
import { didYouMean } from '../contract/misspellings.js';
import { outgoingTypes, type OutgoingType } from '../contract/outgoing-events.js';
import { webhookAddressProblem } from '../contract/webhook-address.js';
import { digest, secretRef } from './input.js';
import { joinPath } from './raw-input.js';
import { plainWords } from './wording.js';

/** Where events go, as `outgoing.json` says. */
export interface OutgoingEntry {
  /** Stands for the address, which may contain a token. */
  key: string;
  url: string;
  /** References to the secrets that sign; two while one is replaced. */
  secrets: string[];
  events: string[];
  allowPrivate: boolean;
}

const EVERYTHING = '*';
const groups = [...new Set(outgoingTypes.map((type) => `${type.split('.')[0]}.*`))];
const patterns: readonly string[] = [EVERYTHING, ...groups, ...outgoingTypes];

const address = z.string().superRefine((url, context) => {
  const message = webhookAddressProblem(url);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const pattern = z
  .string()
  .refine((name) => patterns.includes(name), {
    error: ({ input }) =>
      `must be an event such as "operation.completed", "operation.*" or "*"${didYouMean(String(input), patterns)}`,
  })
  .meta({ enum: [...patterns] });

const secrets = z.union(
  [secretRef(), z.array(secretRef()).min(1).max(2)],
  'must be a secret reference, or two of them',
);

const entry = z.strictObject({
  url: address.describe('Where events are posted: https, or http on 127.0.0.1'),
  secret: secrets.describe('What signs them: `whsec_` and at least 24 base64 characters. Two while one is replaced'),
  events: z
    .array(pattern)
    .min(1, 'must have at least one event, such as "operation.*"')
    .describe('Which events: a type, all of a kind such as "operation.*", or "*"'),
  allowPrivate: z.boolean().default(false).describe('True: the address may be in a private network'),
});

const file = z.array(entry).max(20, 'must have at most 20 addresses');

/** The JSON Schema of `outgoing.json`. */
export function outgoingFileSchema(): object {
  return z.toJSONSchema(file, { io: 'input' });
}

/** Reads the value of `outgoing.json`: the addresses, or every problem with its path. */
export function readOutgoing(value: unknown): OutgoingEntry[] | { problems: InputProblem[] } {
  const parsed = file.safeParse(value, { error: plainWords });
  if (!parsed.success) return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, value)) };
  const entries = parsed.data.map(({ secret, ...rest }) => ({
    ...rest,
    key: endpointKey(rest.url),
    secrets: [secret].flat(),
  }));
  const problems = entries.flatMap(({ key }, at) =>
    entries.findIndex((one) => one.key === key) === at
      ? []
      : [{ path: `${at}.url`, message: 'is there twice: name all its events in one entry' }],
  );
  return problems.length > 0 ? { problems } : entries;
}

/** What stands for an address where its text must not be shown. */
export function endpointKey(url: string): string {
  return digest(url).slice(0, 12);
}

/** Whether an address gets events of a type. */
export function wants({ events }: Pick<OutgoingEntry, 'events'>, type: OutgoingType): boolean {
  return events.some((name) => name === EVERYTHING || name === type || (name.endsWith('.*') && isOfGroup(type, name)));
}

function isOfGroup(type: OutgoingType, name: string): boolean {
  return type.startsWith(name.slice(0, -1));
}

const FIELDS = Object.keys(entry.shape);

function problemsOf(issue: z.core.$ZodIssue, value: unknown): InputProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: joinPath([...issue.path, key]),
      message: `is not a field of an address${didYouMean(key, FIELDS)}`,
    }));
  if (issue.path.length === 0 && !Array.isArray(value))
    return [{ path: 'outgoing', message: 'must be a list of addresses: [{"url", "secret", "events"}]' }];
  const [at, field] = issue.path as [number?, string?];
  const given = (value as Record<string, unknown>[])[at ?? 0];
  const isMissing = field !== undefined && given?.[field] === undefined;
  return [{ path: joinPath(issue.path) || 'outgoing', message: isMissing ? 'is missing' : issue.message }];
}
