import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { closestMatch } from 'leven';
import { z } from 'zod';
import { TenantryError, type InputProblem } from '../contract/errors.js';
import { MAX_TYPOS } from '../contract/misspellings.js';
import { isProduction, looseFileProblem } from './production.js';
import { decodeText } from '../contract/text-files.js';
import { whyUnreadable } from './unreadable.js';

export type Environment = Record<string, string | undefined>;

/** What docs/settings.md says about a setting. */
export interface SettingDoc {
  meaning: string;
  /** In words, where the schema gives no plain value. */
  default?: string;
  /** `…_FILE` may name a file with the value instead. */
  file?: true;
  secret?: true;
}

export const about = z.registry<SettingDoc>();

/** A variable that need not be set and can be any text. */
export function optionalText(facts: SettingDoc) {
  return z.string().optional().register(about, facts);
}

/** Settings that belong together: variables, the checks across them, and the value that they make. */
type Group = z.ZodPipe<z.ZodObject, z.ZodTransform>;
/** Every setting of one process. */
export type ProcessSchema = z.ZodObject<Record<string, Group>>;

/**
 * What is set: in `given`, else in the environment and in `.env` of the current folder; the environment wins. An empty
 * entry counts as not set, because templates of containers leave such entries.
 */
export function readEnvironment(given: Environment = environmentHere()): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

function environmentHere(): Environment {
  return { ...readEnvFile(), ...process.env };
}

/** What `.env` of the current folder sets. Refused when it cannot be read. */
export function readEnvFile(): Environment {
  if (!existsSync('.env')) return {};
  try {
    return parseEnv(decodeText(readFileSync('.env')));
  } catch (error) {
    throw new TenantryError('refused', `The file .env cannot be read: ${(error as Error).message}`);
  }
}

/** Fails as `refused`, in one message with a line for every problem: the variable and the remedy. */
export function readSettings<S extends ProcessSchema>(schema: S, environment: Environment): z.output<S> {
  const { values, unreadable } = readFiles(schema, environment);
  const unsafe = isProduction(environment) ? looseFiles(schema, environment) : [];
  const groups = Object.keys(schema.shape);
  const parsed = schema.safeParse(Object.fromEntries(groups.map((group) => [group, values])));
  if (parsed.success && unreadable.length === 0 && unsafe.length === 0) return parsed.data;
  const found = (parsed.error?.issues ?? []).map(({ path, message }) => ({ path: String(path[1]), message }));
  const others = found.filter((problem) => !unreadable.some(({ path }) => path === fileVariable(problem.path)));
  const problems = [
    ...unreadable,
    ...unsafe,
    ...others.map((problem) => withMisspelling(problem, schema, environment)),
  ];
  const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
  throw new TenantryError('refused', ['The settings cannot be used:', ...lines].join('\n'), { problems });
}

/** Of a variable that is missing: the one that is set under nearly the same name. */
function withMisspelling({ path, message }: InputProblem, schema: ProcessSchema, environment: Environment) {
  const known = Object.values(schema.shape).flatMap(variablesOf);
  const names = known.flatMap(([name]) => [name, fileVariable(name)]);
  const others = Object.keys(environment).filter((name) => !names.includes(name));
  const misspelt = environment[path]
    ? undefined
    : (closestMatch(path, others, { maxDistance: MAX_TYPOS }) ??
      closestMatch(fileVariable(path), others, { maxDistance: MAX_TYPOS }));
  return { path, message: misspelt === undefined ? message : `${message}; ${misspelt} is set: is it misspelt?` };
}

/** The variables of a group: name, type, and what the page says of each. */
export function variablesOf(group: Group): [name: string, type: z.core.$ZodType, facts: SettingDoc][] {
  return Object.entries(group.in.shape).map(([name, type]) => [name, type, about.get(type)!]);
}

/** Whether a variable is the one of a setting; `<NAME>` at the end of a setting's name is any name. */
export function isNamed(variable: string, setting: string): boolean {
  const [prefix, any] = setting.split('<NAME>');
  return any === undefined ? variable === setting : variable.startsWith(prefix!) && variable !== prefix;
}

export function fileVariable(name: string): string {
  return `${name}_FILE`;
}

/** The environment with the content of the files that `…_FILE` variables name. Nobody can know which of two values counts. */
function readFiles(schema: ProcessSchema, environment: Environment) {
  const values = { ...environment };
  const unreadable: InputProblem[] = [];
  for (const [name, , { file }] of Object.values(schema.shape).flatMap(variablesOf)) {
    const path = environment[fileVariable(name)];
    if (file === undefined || path === undefined) continue;
    if (environment[name]) {
      unreadable.push({ path: fileVariable(name), message: `is set, and so is ${name}: remove one of them` });
      continue;
    }
    const content = readTrimmed(path);
    if ('problem' in content) unreadable.push({ path: fileVariable(name), message: content.problem });
    else values[name] = content.text;
  }
  return { values, unreadable };
}

/** The files with secrets, `.env` among them, that other users of this machine can read or change. */
function looseFiles(schema: ProcessSchema, environment: Environment): InputProblem[] {
  const inEnvFile = Object.keys(readEnvFile());
  const secrets = Object.values(schema.shape)
    .flatMap(variablesOf)
    .filter(([, , { secret }]) => secret);
  const files = secrets.flatMap(([name, , { file }]) => {
    const path = file && !environment[name] ? environment[fileVariable(name)] : undefined;
    return path === undefined ? [] : [{ setting: fileVariable(name), path }];
  });
  if (inEnvFile.some((variable) => secrets.some(([name]) => isNamed(variable, name))))
    files.push({ setting: '.env', path: '.env' });
  return files.flatMap(({ setting, path }) => {
    const message = looseFileProblem(path);
    return message === undefined ? [] : [{ path: setting, message }];
  });
}

/** The text of a file without surrounding blanks, or why it cannot be used. */
export function readTrimmed(path: string): { text: string } | { problem: string } {
  let content: Uint8Array;
  try {
    content = readFileSync(path);
  } catch (error) {
    return { problem: `the file ${path} ${whyUnreadable(error as Error)}` };
  }
  try {
    return { text: decodeText(content).trim() };
  } catch (error) {
    return { problem: `the file ${path} cannot be read: ${(error as Error).message}` };
  }
}
