import { closestMatch } from 'leven';
import { z } from 'zod';
import { CLOUD_NAME, DEFAULT_CLOUD } from '../contract/ids.js';
import { MAX_TYPOS } from '../contract/misspellings.js';
import { originProblem } from '../contract/origin.js';
import { callsPerSecond, callsPerSecondVariable, readCallsPerSecond } from './call-budget.js';
import { isProduction, looseFileProblem, unencryptedProblem } from './production.js';
import { proxyFor } from './proxy.js';
import { about, optionalText, readTrimmed } from './reader.js';
import { parseJson, REPEATED_KEY, repeatedKeys } from '../contract/json.js';

export interface CloudSettings {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  /** HTTP proxy towards it; undefined when it is reached directly. */
  proxy?: string | undefined;
  /** What all workers together may make; undefined without a budget. */
  callsPerSecond?: number | undefined;
}

const EXAMPLE = '{"eu": {"baseUrl": "https://eu2-cloud.acronis.com", "clientId": "…", "clientSecretFile": "…"}}';
const fields = ['baseUrl', 'clientId', 'clientSecret', 'clientSecretFile', 'callsPerSecond'];
const lowerCaseFields = fields.map((field) => field.toLowerCase());

function unknownField(key: string): string {
  const meant = closestMatch(key.toLowerCase().replaceAll(/[_-]/g, ''), lowerCaseFields, {
    maxDistance: MAX_TYPOS,
  });
  const field = fields.find((one) => one.toLowerCase() === meant);
  return field === undefined ? `"${key}"` : `"${key}" (did you mean "${field}"?)`;
}

const apiClient = 'create an API client in the console of your partner tenant, Settings > API clients';
const whereFrom = {
  ACRONIS_BASE_URL: "the data centre's origin, such as https://eu2-cloud.acronis.com",
  ACRONIS_CLIENT_ID: apiClient,
  ACRONIS_CLIENT_SECRET: `${apiClient}; it shows the secret only once`,
} as const;

/** A text with one message for a missing value, and one for a value of another type. */
const requiredText = (what: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `is missing; it must be ${what}` : `must be ${what}`) })
    .min(1, `must be ${what}`);

const origin = requiredText('the data centre\'s origin, such as "https://eu2-cloud.acronis.com"')
  .transform((url) => url.replace(/\/+$/, ''))
  .superRefine((url, context) => {
    const problem = originProblem(url);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const cloudSchema = z
  .strictObject(
    {
      baseUrl: origin,
      clientId: requiredText('the id of an API client, as text'),
      clientSecret: requiredText("the API client's secret, as text").optional(),
      clientSecretFile: requiredText("the path of a file with the API client's secret").optional(),
      callsPerSecond: callsPerSecond.optional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `has no field ${issue.keys.map(unknownField).join(', ')}; its fields are ${fields.join(', ')}`
          : `must be an object with the fields ${fields.slice(0, 2).join(', ')}, and clientSecretFile or clientSecret`,
    },
  )
  .transform(({ baseUrl, clientId, clientSecret, clientSecretFile: file, ...more }, context): CloudSettings => {
    const read = clientSecret === undefined && file !== undefined ? readTrimmed(file) : { text: clientSecret };
    if ('text' in read && read.text) return { baseUrl, clientId, clientSecret: read.text, ...more };
    if (file === undefined) {
      const message = "needs clientSecretFile, a file with the API client's secret, or clientSecret";
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    const message =
      'problem' in read ? read.problem : `the file ${file} is empty; write the API client's secret into it`;
    context.addIssue({ code: 'custom', path: ['clientSecretFile'], message });
    return z.NEVER;
  });

const cloudsSchema = z.record(z.string().regex(CLOUD_NAME), cloudSchema, {
  error: (issue) =>
    issue.code === 'invalid_key'
      ? 'cannot be the name of a cloud: give 1 to 40 of A-Z, a-z, 0-9, - and _'
      : `must be an object with a field for each cloud, such as ${EXAMPLE}`,
});

const cloudVariables = z.looseObject({
  ACRONIS_BASE_URL: optionalText({
    meaning: 'Origin of the data centre, such as `https://eu2-cloud.acronis.com`.',
    file: true,
  }),
  ACRONIS_CLIENT_ID: optionalText({
    meaning: 'Id of an API client of your partner tenant.',
    file: true,
  }),
  ACRONIS_CLIENT_SECRET: optionalText({
    meaning: 'Secret of that API client. A worker reads the file again when the cloud refuses the secret.',
    file: true,
    secret: true,
  }),
  TENANTRY_CLOUDS: optionalText({
    meaning:
      `JSON file with several clouds: \`${EXAMPLE}\`. An order names its cloud; the three variables above describe ` +
      'the cloud `default`, unless this file does. The file may hold `clientSecret` instead of `clientSecretFile`, and ' +
      '`callsPerSecond` for each cloud.',
  }),
  TENANTRY_CALLS_PER_SECOND: callsPerSecondVariable,
});
type CloudVariables = z.output<typeof cloudVariables>;
type Context = z.core.$RefinementCtx;

/** The clouds: one by ACRONIS_…, any number by the file TENANTRY_CLOUDS. */
export const cloudSettings = cloudVariables
  .transform((values, context) => {
    const { TENANTRY_CLOUDS: file } = values;
    const inFile = file === undefined ? {} : readCloudsFile(file, isProduction(values), context);
    const clouds = inFile[DEFAULT_CLOUD] === undefined ? { ...inFile, ...readDefaultCloud(values, context) } : inFile;
    if (Object.keys(clouds).length === 0 && context.issues.length === 0)
      report(context, 'TENANTRY_CLOUDS', `${file} names no cloud; name at least one, such as ${EXAMPLE}`);
    const budget = readCallsPerSecond(values.TENANTRY_CALLS_PER_SECOND);
    if ('problem' in budget) report(context, 'TENANTRY_CALLS_PER_SECOND', budget.problem);
    else if (budget.value !== undefined)
      for (const cloud of Object.values(clouds)) cloud.callsPerSecond ??= budget.value;
    return { clouds: withProxies(clouds, values), inFile: Object.keys(inFile) };
  })
  .meta({ title: 'Clouds' });

/** The name of this system. */
export const markSettings = z
  .looseObject({
    TENANTRY_ENV: z
      .string()
      .regex(/^[a-z0-9-]{1,20}$/, 'must be 1 to 20 of a-z, 0-9 and -, such as "production"')
      .default('development')
      .register(about, {
        meaning:
          'Name of this system, such as `production`. It is part of every mark, so a test system never adopts what ' +
          'production made. Choose it once: after a change, Tenantry no longer recognises what it made before.',
      }),
  })
  .transform(({ TENANTRY_ENV: environment }) => ({ environment }))
  .meta({ title: 'Marks' });

/** The cloud that ACRONIS_… describe. None when a variable is missing: a problem, unless a file names clouds. */
function readDefaultCloud(values: CloudVariables, context: Context): Record<string, CloudSettings> {
  const { ACRONIS_BASE_URL: baseUrl, ACRONIS_CLIENT_ID: clientId, ACRONIS_CLIENT_SECRET: clientSecret } = values;
  const required = { ACRONIS_BASE_URL: baseUrl, ACRONIS_CLIENT_ID: clientId, ACRONIS_CLIENT_SECRET: clientSecret };
  for (const [name, value] of Object.entries(required) as [keyof typeof required, string | undefined][])
    if (value === '' || (value === undefined && values.TENANTRY_CLOUDS === undefined))
      report(context, name, `is missing (or ${name}_FILE): ${whereFrom[name]}`);
  if (!baseUrl || !clientId || !clientSecret) return {};
  const { data, error } = origin.safeParse(baseUrl);
  for (const { message } of error?.issues ?? []) report(context, 'ACRONIS_BASE_URL', message);
  const unencrypted = data !== undefined && isProduction(values) ? unencryptedProblem(data) : undefined;
  if (unencrypted !== undefined) report(context, 'ACRONIS_BASE_URL', unencrypted);
  return data === undefined ? {} : { [DEFAULT_CLOUD]: { baseUrl: data, clientId, clientSecret } };
}

function withProxies(clouds: Record<string, CloudSettings>, values: CloudVariables): Record<string, CloudSettings> {
  const all = Object.entries(clouds).map(([name, cloud]) => {
    const proxy = proxyFor(cloud.baseUrl, values);
    return [name, proxy === undefined ? cloud : { ...cloud, proxy }] as const;
  });
  return Object.fromEntries(all);
}

/** Gives no clouds when anything is wrong with the file; that is reported. */
function readCloudsFile(path: string, inProduction: boolean, context: Context): Record<string, CloudSettings> {
  const read = readTrimmed(path);
  const content = 'text' in read ? parseJson(read.text) : undefined;
  if (content === undefined) {
    report(context, 'TENANTRY_CLOUDS', 'problem' in read ? read.problem : `${path} cannot be read as JSON`);
    return {};
  }
  for (const key of 'text' in read ? repeatedKeys(read.text) : [])
    report(context, 'TENANTRY_CLOUDS', `${path}: ${key}: ${REPEATED_KEY}`);
  const { data, error } = cloudsSchema.safeParse(content);
  for (const { path: at, message } of error?.issues ?? [])
    report(context, 'TENANTRY_CLOUDS', [path, ...(at.length === 0 ? [] : [at.join('.')]), message].join(': '));
  for (const [field, problem] of data !== undefined && inProduction ? unsafeFields(path, content as CloudsFile) : [])
    report(context, 'TENANTRY_CLOUDS', `${path}: ${field}: ${problem}`);
  return data ?? {};
}

type CloudsFile = Record<string, z.input<typeof cloudSchema>>;

/** The fields that production refuses, with the reason. */
function unsafeFields(path: string, clouds: CloudsFile): [field: string, problem: string][] {
  return Object.entries(clouds).flatMap(([name, { baseUrl, clientSecret, clientSecretFile }]) => {
    const problems = {
      baseUrl: unencryptedProblem(baseUrl),
      clientSecret: clientSecret === undefined ? undefined : looseFileProblem(path),
      clientSecretFile: clientSecretFile === undefined ? undefined : looseFileProblem(clientSecretFile),
    };
    return Object.entries(problems).flatMap(([field, problem]): [string, string][] =>
      problem === undefined ? [] : [[`${name}.${field}`, problem]],
    );
  });
}

function report(context: Context, variable: string, message: string): void {
  context.addIssue({ code: 'custom', path: [variable], message });
}
