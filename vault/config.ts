import { named, type Environment } from './environment.js';
import { parseKeys, type KeyRing } from './keys.js';

/** Reads TENANTRY_CODEC_KEYS (or …_FILE); undefined when there are none. Adds what is wrong to `problems`. */
export function readKeys(environment: Environment, problems: string[]): KeyRing | undefined {
  const text = named('TENANTRY_CODEC_KEYS', environment, problems);
  if (text === undefined) return undefined;
  try {
    return parseKeys(text);
  } catch (error) {
    problems.push(`TENANTRY_CODEC_KEYS: ${(error as Error).message}`);
    return undefined;
  }
}
