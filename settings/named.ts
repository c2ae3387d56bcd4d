import { readFileSync } from 'node:fs';

export type Environment = Record<string, string | undefined>;

/** The value of a setting, or of the file that `…_FILE` names; adds to `problems` when that cannot be read. Empty is absent. */
export function named(name: string, environment: Environment, problems: string[]): string | undefined {
  return environment[name] || fileAt(`${name}_FILE`, environment[`${name}_FILE`], problems);
}

/** The trimmed content of the file to which a setting points. */
export function fileAt(setting: string, path: string | undefined, problems: string[]): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    problems.push(`${setting}: the file ${path} cannot be read`);
    return undefined;
  }
}
