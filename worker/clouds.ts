import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { originProblem } from '../acronis/index.js';
import { fileAt, named as setting, type Environment } from '../vault/index.js';
import { DEFAULT_CLOUD } from '../workflows/shared/ids.js';

export interface CloudSettings {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
}

const cloudShape = z.strictObject({
  baseUrl: z.string().superRefine((url, context) => {
    const wrong = originProblem(origin(url));
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
  }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  clientSecretFile: z.string().min(1).optional(),
});

/** The clouds that the environment names: one by ACRONIS_…, any number by the file TENANTRY_CLOUDS. Tells its problems. */
export function readClouds(environment: Environment, problems: string[]): Record<string, CloudSettings> {
  const file = environment['TENANTRY_CLOUDS'];
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
  if (baseUrl === undefined || clientId === undefined || clientSecret === undefined) return named;
  const wrong = originProblem(origin(baseUrl));
  if (wrong !== undefined) problems.push(`ACRONIS_BASE_URL: ${wrong}`);
  return { ...named, [DEFAULT_CLOUD]: { baseUrl: origin(baseUrl), clientId, clientSecret } };
}

function cloudsFile(path: string, problems: string[]): Record<string, CloudSettings> {
  const shape = z.record(z.string().regex(/^[A-Za-z0-9_-]{1,40}$/), cloudShape);
  const parsed = shape.safeParse(json(path, problems));
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map((issue) => `TENANTRY_CLOUDS: ${[path, ...issue.path].join('.')}: ${issue.message}`),
    );
    return {};
  }
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, { baseUrl, clientId, clientSecret, clientSecretFile }]) => {
      const secret = clientSecret ?? fileAt(`TENANTRY_CLOUDS.${name}`, clientSecretFile, problems);
      if (!secret) problems.push(`TENANTRY_CLOUDS: ${name}: needs clientSecret or clientSecretFile`);
      return [name, { baseUrl: origin(baseUrl), clientId, clientSecret: secret ?? '' }];
    }),
  );
}

function json(path: string, problems: string[]): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    problems.push(`TENANTRY_CLOUDS: ${path} cannot be read as JSON`);
    return {};
  }
}

function origin(url: string): string {
  return url.replace(/\/+$/, '');
}
