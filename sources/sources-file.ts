import { z } from 'zod';
import type { InputProblem } from '../contract/errors.js';
import { CLOUD_NAME } from '../contract/ids.js';
import { didYouMean } from '../contract/misspellings.js';
import { SOURCE_NAME } from '../contract/source-sync.js';
import { CSV, sourceKinds, type AnyKindName, type SourceKindName } from './index.js';
import { secretRef } from '../catalogue/input.js';
import { plainWords } from '../catalogue/wording.js';
import { parse, problemOf } from './body.js';
import type { SourceKind } from './kind.js';

/** One system that sends events, as `sources.json` describes it. Only some kinds have the optional fields. */
export type Source = z.output<z.ZodObject<typeof common>> & { kind: AnyKindName; secrets: string[] } & Partial<
    z.output<z.ZodObject<AllOf<(typeof sourceKinds)[SourceKindName]['settings']>>>
  >;
type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** A source that sends events. */
export type SendingSource = Source & { kind: SourceKindName };

export function isSending(source: Source): source is SendingSource {
  return source.kind !== CSV;
}

export type Sources = Readonly<Record<string, Source>>;

const senders = Object.keys(sourceKinds) as SourceKindName[];
const kindNames: [AnyKindName, ...AnyKindName[]] = [CSV, ...senders];
const timezone = z.string().refine(isTimezone, 'must be the name of a time zone, such as Europe/Vienna');

const common = {
  act: z
    .enum(['observe', 'apply'], 'must be observe or apply')
    .default('observe')
    .describe('observe shows what would be done; apply does it'),
  mode: z
    .enum(['live', 'test'], 'must be live or test')
    .default('live')
    .describe('Events of the other mode change nothing'),
  reference: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Where the system keeps the name of a customer that all sources share'),
  owns: z
    .array(z.enum(['name', 'contact', 'language'], 'must be name, contact or language'))
    .default([])
    .describe('What this system decides where several speak of one customer'),
  timezone: timezone.default('UTC').describe('A date without a time ends with that day there'),
  cloud: z
    .string()
    .regex(CLOUD_NAME, 'must be the name of a cloud')
    .optional()
    .describe('The cloud in which new customers are created'),
  parentTenantId: z.guid('must be the id of a tenant').optional().describe('The tenant above them'),
};

const isKind = z.object({
  kind: z.enum(kindNames, {
    error: ({ input }) =>
      `must be one of ${kindNames.join(', ')}${typeof input === 'string' ? didYouMean(input, kindNames) : ''}`,
  }),
});

/** What a source of files has: its customers have their turn in an import, and nobody signs its rows. */
const { reference: _inItsColumn, ...commonOfFiles } = common;
const csvShape = {
  kind: z.literal(CSV),
  ...commonOfFiles,
  act: z
    .literal('observe', 'must be observe: an import acts for its customers, a few at a time')
    .default('observe')
    .describe('An import acts for its customers, a few at a time'),
  mode: z.literal('live', 'must be live: a file has no test mode').default('live'),
  secrets: z.array(secretRef()).max(0, 'must be empty: nobody signs a file').default([]),
};

function sourceSchema(kind: AnyKindName) {
  if (kind === CSV) return z.strictObject(csvShape);
  const { whyNoSecret }: SourceKind = sourceKinds[kind];
  const secrets = z.array(secretRef()).max(5, 'must have at most 5 references');
  return z.strictObject({
    kind: z.literal(kind),
    ...common,
    secrets: (whyNoSecret === undefined
      ? secrets.min(1, 'must have at least one reference')
      : secrets.max(0, `must be empty: ${whyNoSecret}`)
    ).describe('References to the signing secrets; two while one is replaced'),
    ...sourceKinds[kind].settings,
  });
}

/** The JSON Schema of `sources.json`. */
export function sourcesSchema(): object {
  const [first, ...others] = kindNames.map(sourceSchema);
  const file = z.record(z.string().regex(SOURCE_NAME), z.discriminatedUnion('kind', [first!, ...others]));
  return z.toJSONSchema(file, { io: 'input' });
}

/**
 * Reads the value of `sources.json`: the sources by name, or every problem with its path. A field that no source of the
 * kind has is a problem.
 */
export function readSources(value: unknown): { sources: Sources } | { problems: InputProblem[] } {
  const file = z.record(z.string(), z.unknown()).safeParse(value);
  if (!file.success)
    return { problems: [{ path: 'sources', message: 'must be an object with one field for each source' }] };
  const problems: InputProblem[] = [];
  const sources: Record<string, Source> = {};
  for (const [name, given] of Object.entries(file.data)) {
    const parsed = readSource(given);
    if (!SOURCE_NAME.test(name))
      problems.push({
        path: name,
        message: 'cannot be the name of a source: it stands in an address, so give 1 to 40 of a-z, 0-9 and -',
      });
    if ('source' in parsed) sources[name] = parsed.source;
    else
      problems.push(
        ...parsed.problems.map(({ path, message }) => ({ path: path === 'body' ? name : `${name}.${path}`, message })),
      );
  }
  return problems.length > 0 ? { problems } : { sources };
}

function readSource(given: unknown): { source: Source } | { problems: InputProblem[] } {
  const named = parse(isKind, given);
  if ('problems' in named) return named;
  const { kind } = named.value;
  const parsed = sourceSchema(kind).safeParse(given, { error: plainWords });
  if (!parsed.success)
    return {
      problems: parsed.error.issues.flatMap((issue) => unknownFields(issue, kind) ?? [problemOf(issue, given)]),
    };
  const source = JSON.parse(JSON.stringify(parsed.data)) as Source;
  const problems = missingForApi(source);
  return problems.length > 0 ? { problems } : { source };
}

function missingForApi(source: Source): InputProblem[] {
  if (source.apiKey === undefined || !isSending(source)) return [];
  const { neededWithApiKey = [] }: SourceKind = sourceKinds[source.kind];
  return neededWithApiKey
    .filter((field) => source[field as keyof Source] === undefined)
    .map((field) => ({ path: field, message: 'is missing: apiKey is of no use without it' }));
}

function unknownFields(issue: z.core.$ZodIssue, kind: AnyKindName): InputProblem[] | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  return issue.keys.map((key) => ({
    path: key,
    message: `is not a field of a source of this kind${onlyOf(key) ?? didYouMean(key, fieldsOf(kind))}`,
  }));
}

function onlyOf(field: string): string | undefined {
  const kinds = senders.filter((kind) => Object.hasOwn(sourceKinds[kind].settings, field));
  return kinds.length === 0 ? undefined : `: only ${kinds.join(', ')} can have it`;
}

function fieldsOf(kind: AnyKindName): string[] {
  return Object.keys(sourceSchema(kind).shape);
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
