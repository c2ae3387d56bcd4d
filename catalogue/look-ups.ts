import { z } from 'zod';
import { DURATION_MESSAGE, durationMs, isDuration } from '../contract/durations.js';
import type { InputProblem } from '../contract/errors.js';
import { UUID } from '../contract/ids.js';
import { joinPath } from './raw-input.js';
import { plainWords, unknownFields } from './wording.js';

/** So many rows a page has at most, and unless said otherwise. */
export const MOST_ROWS = 1000;
export const USUAL_ROWS = 200;
const LONGEST_TEXT = 255;
const A_WEEK = '7 days';
/** So many tenants can be named in one question. */
export const MOST_IDS = 100;

const text = (about: string) => z.string().trim().min(1).max(LONGEST_TEXT).optional().describe(about);
const flag = (about: string) =>
  z
    .enum(['true', 'false'])
    .optional()
    .transform((value) => (value === undefined ? undefined : value === 'true'))
    .describe(about);
const number = (about: string, { least, most }: { least: number; most: number }) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`)
    .optional()
    .describe(about);

/** What every look-up takes. */
const everywhere = {
  tenant: text('Id, exact name or customer id of a tenant; without it our root'),
  cloud: text('Which of the configured clouds'),
  limit: number(`At most so many rows on a page; ${USUAL_ROWS} unless given`, { least: 1, most: MOST_ROWS }),
  after: z
    .string()
    .max(LONGEST_TEXT)
    .optional()
    .describe('The "next" of the page before, with the same other parameters'),
};

const ids = (about: string) =>
  z
    .string()
    .transform((list, context) => {
      const read = readIds(list);
      if (read !== undefined) return read;
      context.addIssue({ code: 'custom', message: `must be 1 to ${MOST_IDS} tenant ids, separated by commas` });
      return z.NEVER;
    })
    .optional()
    .describe(about);

/** Reads ids that are separated by commas; undefined when there are none, too many, or something else. */
export function readIds(list: string): string[] | undefined {
  const read = list.split(',').map((one) => one.trim());
  return read.length <= MOST_IDS && read.every((id) => UUID.test(id)) ? read : undefined;
}

const kinds = ['partner', 'folder', 'customer', 'unit'] as const;
const since = z
  .string()
  .optional()
  .transform((words, context) => {
    const at = sinceOf(words ?? A_WEEK);
    if (at !== undefined) return at;
    context.addIssue({ code: 'custom', message: `must be a date such as 2024-07-01, or ${DURATION_MESSAGE.slice(8)}` });
    return z.NEVER;
  })
  .describe(`Only what has changed since: a duration ("2 hours") or a date; "${A_WEEK}" unless given`);

/** A moment in words: how long ago, or a date. */
function sinceOf(words: string): Date | undefined {
  if (/^\d{4}-\d\d-\d\d/.test(words)) {
    const at = new Date(words);
    return Number.isNaN(at.getTime()) ? undefined : at;
  }
  return isDuration(words) ? new Date(Date.now() - durationMs(words)) : undefined;
}

const ofResources = {
  type: text('Only of this type, such as resource.machine'),
  name: text('Only those whose name contains this'),
};
const ofTasks = {
  since,
  state: z.enum(['enqueued', 'assigned', 'started', 'paused', 'completed']).optional(),
  result: z.enum(['ok', 'error', 'warning', 'cancelled', 'abandoned', 'timedout']).optional(),
  type: text('Only of this type, such as backup_machine'),
};

const entry = <Fields extends z.ZodRawShape>(summary: string, fields: Fields) => ({
  summary,
  query: z.strictObject({ ...fields, ...everywhere }),
});

/** Every look-up of a cloud, by name: what it shows, and its parameters as texts. */
export const lookUps = {
  tree: entry('A tenant and everything below it', {
    depth: number('How many levels below the tenant', { least: 0, most: 1000 }),
    kind: z.enum(kinds).optional().describe('Only tenants of this kind'),
    users: flag('With the users of each tenant'),
  }),
  search: entry('Tenants and users by the beginnings of their names, logins, contacts or customer ids', {
    text: z.string().trim().min(3).max(LONGEST_TEXT).describe('At least 3 characters'),
  }),
  path: entry('A tenant and where it lies: all that is above it, up to our root', {
    ids: ids('Instead: these, by their ids, separated by commas; deleted ones, too'),
  }),
  trial: entry('When the trial of a customer ends, or of each customer below that is in trial', {}),
  pricing: entry('How a tenant is charged', {}),
  applications: entry('The services that a tenant has', { all: flag('Also those that it does not have') }),
  editions: entry('The editions that a tenant has, or could have', {
    check: flag("With the vendor's warnings before a switch to each; one dry run for each"),
  }),
  items: entry('The offering items of a tenant', {
    edition: text('Only those of this edition, and those without an edition'),
    on: flag('Only those that are switched on'),
    offeredTo: z.enum(kinds).optional().describe('Instead: what it could offer to a child of this kind'),
  }),
  usage: entry('What a tenant uses at present; not for billing', {
    used: flag('Only what is used'),
    customers: flag('For each customer below the tenant, instead of the tenant'),
  }),
  users: entry('The users of a tenant and of all below it', {
    here: flag('Only those of the tenant itself'),
    roles: flag('With their roles; one call for each user'),
    inactive: flag('Only those who cannot log in: disabled, or not activated yet'),
  }),
  agents: entry("The machines with the vendor's agent", {
    online: flag('Only those that are online, or only those that are not'),
    hostname: text('Only those whose host name contains this'),
    os: text('Only of this family: windows, linux, macosx, …'),
  }),
  resources: entry('Machines, mailboxes, groups and everything else that can be protected', {
    ...ofResources,
    attributes: flag('With all their attributes'),
  }),
  protection: entry('How well resources are protected', {
    ...ofResources,
    status: text('Only in this state: ok, error, not_protected, …'),
  }),
  plans: entry('Protection plans and their parts', {
    name: text('Only those whose name contains this'),
    applicableTo: text('Only those that could be applied to the resource with this id'),
    templates: flag("The vendor's templates, instead of the tenant's plans"),
  }),
  tasks: entry('The work of agents and cloud', ofTasks),
  activities: entry('The parts of tasks', ofTasks),
  alerts: entry('Alerts, newest first', {
    since,
    severity: z
      .enum(['ok', 'information', 'warning', 'error', 'critical'])
      .optional()
      .describe('Only of this severity and above'),
    type: text('Only of this type'),
    category: text('Only of this category'),
    name: text('Only about plans or resources whose name contains this'),
    dismissed: flag('Also those that were dismissed'),
  }),
} as const;

export type LookUpName = keyof typeof lookUps;

/** The parameters of a look-up, as they were read. */
export type LookUpQuery<Name extends LookUpName> = z.output<(typeof lookUps)[Name]['query']>;

/** The names of all look-ups, sorted. */
export const lookUpNames = (Object.keys(lookUps) as LookUpName[]).toSorted();

/** True for the name of a look-up. */
export function isLookUp(name: string): name is LookUpName {
  return Object.hasOwn(lookUps, name);
}

/** How many rows a page has at most. */
export function rowsOfPage({ limit = USUAL_ROWS }: { limit?: number | undefined }): number {
  return limit;
}

/** Reads the parameters of a look-up. Says every problem with its parameter. */
export function readLookUp<Name extends LookUpName>(
  name: Name,
  query: unknown,
): { ok: true; query: LookUpQuery<Name> } | { ok: false; problems: InputProblem[] } {
  const reading = lookUps[name].query.safeParse(query ?? {}, { error: plainWords });
  if (reading.success) return { ok: true, query: reading.data as LookUpQuery<Name> };
  const problems = reading.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? unknownFields(issue)
      : [{ path: joinPath(issue.path) || 'query', message: issue.message }],
  );
  return { ok: false, problems };
}
