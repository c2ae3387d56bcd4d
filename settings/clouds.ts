import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { originProblem } from '../contract/origin.js';
import { fileAt, named as setting, type Environment } from './named.js';
import { DEFAULT_CLOUD } from '../contract/ids.js';

export interface CloudSettings {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
}

const EXAMPLE = '{"eu": {"baseUrl": "https://eu2-cloud.acronis.com", "clientId": "…", "clientSecretFile": "…"}}';
const fields = ['baseUrl', 'clientId', 'clientSecret', 'clientSecretFile'];

/** A text that says what it must be when it is missing, or something else. */
const saying = (what: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `is missing; it must be ${what}` : `must be ${what}`) })
    .min(1, `must be ${what}`);

const cloudShape = z.strictObject(
  {
    baseUrl: saying('the data centre\'s origin, such as "https://eu2-cloud.acronis.com"').superRefine(
      (url, context) => {
        const wrong = originProblem(origin(url));
        if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
      },
    ),
    clientId: saying('the id of an API client, as text'),
    clientSecret: saying("the API client's secret, as text").optional(),
    clientSecretFile: saying("the path of a file with the API client's secret").optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no field ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; its fields are ${fields.join(', ')}`
        : `must be an object with the fields ${fields.slice(0, 2).join(', ')}, and clientSecretFile or clientSecret`,
  },
);

const cloudsShape = z.record(z.string().regex(/^[A-Za-z0-9_-]{1,40}$/), cloudShape, {
  error: (issue) =>
    issue.code === 'invalid_key'
      ? 'cannot be the name of a cloud: give 1 to 40 of A-Z, a-z, 0-9, - and _'
      : `must be an object with a field for each cloud, such as ${EXAMPLE}`,
});

/** The clouds that the environment names: one by ACRONIS_…, any number by the file TENANTRY_CLOUDS. Tells its problems. */
export function readClouds(environment: Environment, problems: string[]): Record<string, CloudSettings> {
  const file = environment['TENANTRY_CLOUDS'];
  const told = problems.length;
  const named = file === undefined ? {} : cloudsFile(file, problems);
  if (named[DEFAULT_CLOUD] !== undefined) return named;
  const lone = (['ACRONIS_BASE_URL', 'ACRONIS_CLIENT_ID', 'ACRONIS_CLIENT_SECRET'] as const).map((name) => {
    const before = problems.length;
    const value = setting(name, environment, problems);
    if (!value && (file === undefined || value === '') && problems.length === before)
      problems.push(`${name}: is missing (or ${name}_FILE)`);
    return value;
  });
  const [baseUrl, clientId, clientSecret] = lone;
  if (baseUrl === undefined || clientId === undefined || clientSecret === undefined) {
    if (file !== undefined && problems.length === told && Object.keys(named).length === 0)
      problems.push(`TENANTRY_CLOUDS: ${file} names no cloud; name at least one, such as ${EXAMPLE}`);
    return named;
  }
  const wrong = originProblem(origin(baseUrl));
  if (wrong !== undefined) problems.push(`ACRONIS_BASE_URL: ${wrong}`);
  return { ...named, [DEFAULT_CLOUD]: { baseUrl: origin(baseUrl), clientId, clientSecret } };
}

/** Names of the clouds that the file TENANTRY_CLOUDS describes. */
export function cloudsInFile({ TENANTRY_CLOUDS: file }: Environment): string[] {
  return file === undefined ? [] : Object.keys(cloudsFile(file, []));
}

function cloudsFile(path: string, problems: string[]): Record<string, CloudSettings> {
  const tell = (problem: string) => void problems.push(`TENANTRY_CLOUDS: ${path}${problem}`);
  const content = json(path);
  if (content === undefined) {
    tell(' cannot be read as JSON');
    return {};
  }
  const parsed = cloudsShape.safeParse(content);
  if (!parsed.success) {
    for (const { path: at, message } of parsed.error.issues)
      tell(at.length === 0 ? `: ${message}` : `: ${at.join('.')}: ${message}`);
    return {};
  }
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, { baseUrl, clientId, clientSecret, clientSecretFile }]) => {
      const before = problems.length;
      const secret =
        clientSecret ?? fileAt(`TENANTRY_CLOUDS: ${path}: ${name}.clientSecretFile`, clientSecretFile, problems);
      if (!secret && problems.length === before)
        tell(
          clientSecretFile === undefined
            ? `: ${name} needs clientSecretFile, a file with the API client's secret, or clientSecret`
            : `: ${name}.clientSecretFile: the file ${clientSecretFile} is empty; write the API client's secret into it`,
        );
      return [name, { baseUrl: origin(baseUrl), clientId, clientSecret: secret ?? '' }];
    }),
  );
}

/** Undefined when it is none. */
function json(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function origin(url: string): string {
  return url.replace(/\/+$/, '');
}
