import { IANAZone } from 'luxon';
import { z } from 'zod';
import { catalogue } from '../catalogue/index.js';
import { duration } from '../catalogue/input.js';
import { plainWords, unknownFields } from '../catalogue/wording.js';
import { durationMs } from '../contract/durations.js';
import type { InputProblem } from '../contract/errors.js';
import { CLOUD_NAME } from '../contract/ids.js';
import { severities } from '../contract/notice-queue.js';
import { SOURCE_NAME } from '../contract/source-sync.js';
import { problemsAcross } from './file-problems.js';
import { routeAbouts } from './route.js';
import { target, type Target } from './target.js';
import { weekdays } from './times.js';

const time = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "07:30"');
const some = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(100).optional();

/** Durations in `notices.json` are short, because what is held is kept in memory of Temporal. */
const upTo = (longest: string) => () =>
  duration().refine((words) => durationMs(words) <= durationMs(longest), `must be at most "${longest}"`);

const operationNames = Object.keys(catalogue);
const isOperation = (name: string) => operationNames.includes(name);

const when = z.strictObject({
  severity: some(z.enum(severities)).describe('How urgent it is'),
  about: some(z.enum(routeAbouts)).describe('The part of the product that it comes from'),
  sources: some(z.string().regex(SOURCE_NAME, 'must be the name of a source')).describe('Names in sources.json'),
  clouds: some(z.string().regex(CLOUD_NAME, 'must be the name of a cloud')).describe('Of runs, customers and clouds'),
  operations: some(z.string().refine(isOperation, 'must be the name of an operation')).describe('Of runs'),
});

const route = z.strictObject({
  name: z.string().trim().min(1).max(60).optional().describe('For people'),
  when: when.default({}).describe('What goes this way; each field that is given must fit'),
  to: z.array(z.string()).max(10).describe('Names of targets; none means the log only'),
  digest: z.boolean().default(false).describe('True: once a day, at the time of the digest'),
  quiet: z.boolean().default(true).describe('False: also in quiet hours'),
});

const quietHours = z.strictObject({
  from: time(),
  until: time().describe('Of the next day if it is not later; the same time means a whole day'),
  days: z.array(z.enum(weekdays)).min(1).optional().describe('On which they begin'),
});

/** The value of `notices.json`. */
const noticesFileSchema = z.strictObject({
  timezone: z
    .string()
    .refine((name) => IANAZone.isValidZone(name), 'must be the name of a time zone, such as Europe/Vienna')
    .default('UTC')
    .describe('Of the quiet hours and the digest'),
  quiet: z.array(quietHours).max(20).default([]).describe('When only what is urgent is sent'),
  digest: time().optional().describe('When the daily digest is sent'),
  gather: upTo('10 minutes')().default('30 seconds').describe('How long a cause is collected before its message'),
  again: upTo('7 days')().default('4 hours').describe('How long after a message the same cause may have another'),
  targets: z.record(z.string(), target).describe('Where notices can go'),
  routes: z.array(route).min(1).max(100).describe('The first that fits counts; the last one must fit everything'),
});

export type NoticesContent = z.output<typeof noticesFileSchema>;
export type Route = NoticesContent['routes'][number];

/** What `notices.json` says. */
export interface NoticesFile extends Omit<NoticesContent, 'targets' | 'gather' | 'again'> {
  targets: Readonly<Record<string, Target>>;
  gatherMs: number;
  againMs: number;
}

/** The JSON Schema of `notices.json`. */
export function noticesSchema(): object {
  return z.toJSONSchema(noticesFileSchema, { io: 'input' });
}

/** Reads the value of `notices.json`, or names every problem with its path. */
export function readNotices(value: unknown): NoticesFile | { problems: InputProblem[] } {
  const parsed = noticesFileSchema.safeParse(value, { error: plainWords });
  if (!parsed.success) return { problems: parsed.error.issues.flatMap((issue) => toProblems(issue, value)) };
  const problems = problemsAcross(parsed.data);
  if (problems.length > 0) return { problems };
  const { gather, again, ...rest } = parsed.data;
  return { ...rest, gatherMs: durationMs(gather), againMs: durationMs(again) };
}

function toProblems(issue: z.core.$ZodIssue, value: unknown): InputProblem[] {
  if (issue.code === 'unrecognized_keys') return unknownFields(issue);
  const path = issue.path.map(String).join('.') || 'notices';
  const given = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], value);
  return [{ path, message: given === undefined ? 'is missing' : issue.message }];
}
