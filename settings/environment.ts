import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { named, type Environment } from './named.js';
import { parseKeys, type KeyRing } from '../vault/keys.js';

const NAME = 'TENANTRY_CODEC_KEYS';
const PRODUCTION = 'production';

/**
 * What is set: in `given`, else in the environment and in `.env` of the current folder, of which the environment wins. An empty entry is absent,
 * as templates of containers leave them.
 */
export function readEnvironment(given: Environment = here()): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

function here(): Environment {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...file, ...process.env };
}

/**
 * Reads TENANTRY_CODEC_KEYS (or …_FILE); undefined when there are none and none are needed: in production, and for a secret store, they are.
 * Adds what is wrong to `problems`.
 */
export function readKeys(environment: Environment, problems: string[]): KeyRing | undefined {
  const before = problems.length;
  const text = named(NAME, environment, problems);
  if (text === undefined) {
    const why = whyNeeded(environment);
    if (why !== undefined && problems.length === before)
      problems.push(`${NAME}: is missing; ${why}. Make one: k1:$(openssl rand -base64 32)`);
    return undefined;
  }
  try {
    return parseKeys(text);
  } catch (error) {
    problems.push(`${NAME}: ${(error as Error).message}`);
    return undefined;
  }
}

function whyNeeded({ TENANTRY_ENV: system, TENANTRY_SECRETS_STORE: store }: Environment): string | undefined {
  if (system === PRODUCTION) return 'in production nothing is kept in the open';
  return store ? 'TENANTRY_SECRETS_STORE is encrypted with them' : undefined;
}
