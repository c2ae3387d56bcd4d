import type { InputProblem } from '../contract/errors.js';
import { sourceApis } from './api/index.js';
import { sourceKinds } from './index.js';
import type { SourceKind } from './kind.js';
import { isSending, readSources, type Source } from './sources-file.js';

/** A reference to a secret, as a source has it. */
export interface NamedSecret {
  /** Where it stands in `sources.json`. */
  path: string;
  reference: string;
  /** The only process that needs it: signatures are checked by the gateway, APIs are called by workers. */
  neededBy: 'gateway' | 'worker';
  /** Why a text cannot be this secret; undefined when it can. */
  problemOf(text: string): string | undefined;
}

/** Every secret that a source names. */
export function secretsOf(name: string, source: Source): NamedSecret[] {
  if (!isSending(source)) return [];
  const { kind, secrets, apiKey } = source;
  const { secretProblem }: SourceKind = sourceKinds[kind];
  const signing = secrets.map((reference, at) => ({
    path: `${name}.secrets.${at}`,
    reference,
    neededBy: 'gateway' as const,
    problemOf: (text: string) => secretProblem?.(text),
  }));
  if (apiKey === undefined) return signing;
  const problemOf = (text: string) => sourceApis[kind]?.keyProblem?.(text);
  return [...signing, { path: `${name}.apiKey`, reference: apiKey, neededBy: 'worker', problemOf }];
}

/** A source, and what those of its references stand for that one process needs. */
export interface OpenedSource {
  name: string;
  source: Source;
  secrets: string[];
}

/** Reads the value of `sources.json` and the secrets that one process needs, or tells every problem with both. */
export async function openSourcesFile(
  value: unknown,
  neededBy: NamedSecret['neededBy'],
  readSecret: (reference: string) => Promise<string>,
): Promise<OpenedSource[] | { problems: InputProblem[] }> {
  const file = readSources(value);
  if ('problems' in file) return file;
  const problems: InputProblem[] = [];
  const sources: OpenedSource[] = [];
  for (const [name, source] of Object.entries(file.sources)) {
    const secrets: string[] = [];
    for (const one of secretsOf(name, source).filter((secret) => secret.neededBy === neededBy)) {
      const read = await readNamed(one, readSecret);
      if ('problem' in read) problems.push(read.problem);
      else secrets.push(read.text);
    }
    sources.push({ name, source, secrets });
  }
  return problems.length > 0 ? { problems } : sources;
}

/** What a reference stands for, or why it cannot be used. The problem never holds the secret. */
export async function readNamed(
  { path, reference, problemOf }: NamedSecret,
  readSecret: (reference: string) => Promise<string>,
): Promise<{ text: string } | { problem: InputProblem }> {
  const read = await readSecret(reference).catch((error: unknown) => error as Error);
  const message = read instanceof Error ? read.message : problemOf(read);
  return message === undefined ? { text: read as string } : { problem: { path, message } };
}
