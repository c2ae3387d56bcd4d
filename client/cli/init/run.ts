import { randomBytes } from 'node:crypto';
import { TenantryError } from '../../../contract/errors.js';
import { checkSettings, envFileHere, writeEnvFile } from '../../../settings/env-file.js';
import { ask, askWithoutEcho } from '../ask.js';
import { Exit } from '../exit-codes.js';
import { stderr, stdout } from '../output.js';
import { readText } from '../parsers.js';
import type { InitOptions } from './command.js';
import { questions, type Question } from './questions.js';

const KEYS = 'TENANTRY_CODEC_KEYS';
const next = [
  ['npx tenantry doctor', 'checks all of it: Temporal, the credentials, the rights'],
  ['npx tenantry setup', 'prepares Temporal, once'],
  ['npx tenantry worker --port 9464', 'works, until you stop it; run it under a supervisor'],
] as const;

/** `tenantry init`: asks for what no option answers, where there is a terminal. */
export async function initialise({ replace = false, json = false, ...options }: InitOptions): Promise<number> {
  const before = envFileHere();
  if (before !== undefined && !replace) await confirmReplacing(json);
  const answers = await answersFrom(options, { before: before ?? {}, asks: !json && process.stdin.isTTY });
  const key = before?.[KEYS] ?? `k1:${randomBytes(32).toString('base64')}`;
  const hasKeyFile = before?.[`${KEYS}_FILE`] !== undefined;
  const values = { ...before, ...answers, ...(hasKeyFile ? {} : { [KEYS]: key }) };
  checkSettings(values);
  writeEnvFile(values);
  const made = before?.[KEYS] === undefined && !hasKeyFile;
  stdout(json ? JSON.stringify(report(values, made)) : doneText(made));
  return Exit.done;
}

async function confirmReplacing(json: boolean): Promise<void> {
  const problem = '.env exists already; nothing was changed.';
  if (json || !process.stdin.isTTY)
    throw new TenantryError('refused', `${problem} Add --replace: its key and what it sets besides stay.`);
  const answer = await ask('.env exists already. Replace it? Its key and what it sets besides stay. [y/N] ');
  if (!/^y(es)?$/i.test(answer)) throw new TenantryError('refused', problem);
}

interface Known {
  before: Readonly<Record<string, string>>;
  asks: boolean;
}

async function answersFrom(options: Record<string, unknown>, known: Known): Promise<Record<string, string>> {
  const given = questions.map(({ option }) => options[nameOf(option)] as string | undefined);
  if (!known.asks) refuseMissing(given, known.before);
  const answers: Record<string, string> = {};
  for (const [at, question] of questions.entries()) {
    const answer = await answerTo(question, given[at], known);
    if (answer !== undefined) answers[question.setting] = answer;
  }
  return answers;
}

/** Undefined: what `.env` names as a file stays so. */
async function answerTo(question: Question, given: string | undefined, known: Known): Promise<string | undefined> {
  const { setting, option, isSecret, problem } = question;
  if (given === undefined && known.before[`${setting}_FILE`] !== undefined) return undefined;
  if (given === undefined && known.asks) return await untilUsable(question, known.before[setting]);
  const answer = given === undefined ? usualOf(question, known.before)! : isSecret ? await readText(given) : given;
  const trimmed = answer.trim();
  const why = trimmed === '' ? 'is empty' : problem?.(trimmed);
  if (why !== undefined) throw new TenantryError('refused', `${option}: ${why}.`);
  return trimmed;
}

/** Asks again until the answer can be used. */
async function untilUsable({ text, usual: general, isSecret, problem }: Question, before?: string): Promise<string> {
  const usual = before ?? general;
  const shown = usual === undefined ? '' : isSecret ? ' [as it is]' : ` [${usual}]`;
  for (;;) {
    const answer = (await (isSecret ? askWithoutEcho : ask)(`${text}${shown}: `)).trim() || (usual ?? '');
    const why = answer === '' ? 'An answer is needed' : problem?.(answer);
    if (why === undefined) return answer;
    stderr(`  ${why}.`);
  }
}

function usualOf({ setting, usual }: Question, before: Readonly<Record<string, string>>): string | undefined {
  return before[setting] ?? usual;
}

function refuseMissing(given: readonly (string | undefined)[], before: Readonly<Record<string, string>>): void {
  const missing = questions.filter(
    (question, at) =>
      given[at] === undefined &&
      usualOf(question, before) === undefined &&
      before[`${question.setting}_FILE`] === undefined,
  );
  if (missing.length === 0) return;
  const options = missing.map(({ option }) => option).join(', ');
  throw new TenantryError('refused', `Nobody can be asked here, so these options are needed: ${options}.`);
}

/** As commander names the value of an option. */
function nameOf(option: string): string {
  return option.slice(2).replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}

function report(values: Record<string, string>, madeKey: boolean): object {
  return { file: '.env', settings: Object.keys(values), madeKey, next: next.map(([command]) => command) };
}

function doneText(madeKey: boolean): string {
  const key = madeKey
    ? 'A new key encrypts what Temporal keeps. Keep a copy of TENANTRY_CODEC_KEYS elsewhere: nothing can be read without it.\n'
    : '';
  const width = Math.max(...next.map(([command]) => command.length));
  const lines = next.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`);
  return `.env is written; only you can read it.\n${key}Next:\n${lines.join('\n')}`;
}
