import type { InputProblem } from '../contract/errors.js';
import { webhookAddressProblem } from '../contract/webhook-address.js';
import { readNotices, type NoticesFile } from './notices-file.js';
import type { Target } from './target.js';

/** A reference to a secret, as a target has it. */
export interface TargetSecret {
  /** Where it stands in `notices.json`. */
  path: string;
  reference: string;
  /** Why a text cannot be this secret; undefined when it can. The problem never holds the text. */
  problemOf(text: string): string | undefined;
}

/** `notices.json` with what the references of each target stand for, in the order of `secretsOfTarget`. */
export interface OpenedNotices extends NoticesFile {
  secrets: Readonly<Record<string, readonly string[]>>;
}

type SigningProblem = (secret: string) => string | undefined;

/** Every secret that a target names. */
export function secretsOfTarget(name: string, target: Target, signingProblem: SigningProblem): TargetSecret[] {
  switch (target.kind) {
    case 'mail':
      return [{ path: `targets.${name}.smtp`, reference: target.smtp, problemOf: smtpProblem }];
    case 'chat':
      return [{ path: `targets.${name}.url`, reference: target.url, problemOf: inSecret(webhookAddressProblem) }];
    case 'webhook':
      return target.secrets.map((reference, at) => ({
        path: `targets.${name}.secrets.${at}`,
        reference,
        problemOf: inSecret(signingProblem),
      }));
  }
}

/** Reads the value of `notices.json` and its secrets, or tells every problem with both. */
export async function openNotices(
  value: unknown,
  readSecret: (reference: string) => Promise<string>,
  signingProblem: SigningProblem,
): Promise<OpenedNotices | { problems: InputProblem[] }> {
  const file = readNotices(value);
  return 'problems' in file ? file : await withSecrets(file, readSecret, signingProblem);
}

/** The file with its secrets, or every problem with these. */
export async function withSecrets(
  file: NoticesFile,
  readSecret: (reference: string) => Promise<string>,
  signingProblem: SigningProblem,
): Promise<OpenedNotices | { problems: InputProblem[] }> {
  const problems: InputProblem[] = [];
  const secrets: Record<string, string[]> = {};
  for (const [name, target] of Object.entries(file.targets)) {
    secrets[name] = [];
    for (const one of secretsOfTarget(name, target, signingProblem)) {
      const read = await readTargetSecret(one, readSecret);
      if ('problem' in read) problems.push(read.problem);
      else secrets[name].push(read.text);
    }
  }
  return problems.length > 0 ? { problems } : { ...file, secrets };
}

/** What a reference stands for, or why it cannot be used. */
export async function readTargetSecret(
  { path, reference, problemOf }: TargetSecret,
  readSecret: (reference: string) => Promise<string>,
): Promise<{ text: string } | { problem: InputProblem }> {
  const read = await readSecret(reference).then(
    (text) => text.trim(),
    (error: unknown) => error as Error,
  );
  const message = read instanceof Error ? read.message : problemOf(read);
  return message === undefined ? { text: read as string } : { problem: { path, message } };
}

function smtpProblem(text: string): string | undefined {
  if (URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol)) return undefined;
  return 'names a secret that must be an address such as smtps://user:password@mail.example.com';
}

/** The secret behind a field, not the field itself, is what is wrong. */
function inSecret(problemOf: SigningProblem): SigningProblem {
  return (text) => problemOf(text)?.replace(/^must /, 'names a secret that must ');
}
