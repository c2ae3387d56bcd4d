import { Readable } from 'node:stream';
import { jest } from '@jest/globals';
import { execute } from '../../client/cli/execute.js';
import { cleanEnvironment, emptyFolder, tenantry, type Ended } from './command.js';

const streams = ['stdout', 'stderr'] as const;
let busy = false;

/** Runs the command line inside this process, which is faster than a new one. For commands that end by themselves. */
export async function tenantryHere(
  args: readonly string[],
  variables: Record<string, string> = {},
  input: string | Uint8Array = '',
): Promise<Ended> {
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  const restore = [...streams.map((name) => takeOutput(name, ended)), giveInput(input), moveTo(emptyFolder, variables)];
  busy = true;
  try {
    ended.code = await execute(args);
  } finally {
    busy = false;
    for (const back of restore) back();
  }
  return ended;
}

/** Runs the command line inside this process, and in a new one while this process runs another command. */
export async function tenantryAnywhere(
  args: readonly string[],
  variables: Record<string, string> = {},
  input: string | Uint8Array = '',
): Promise<Ended> {
  return await (busy ? tenantry : tenantryHere)(args, variables, input);
}

function takeOutput(name: (typeof streams)[number], ended: Ended): () => void {
  const { isTTY } = process[name];
  const spy = jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
    ended[name] += String(chunk);
    return true;
  });
  process[name].isTTY = false;
  return () => {
    process[name].isTTY = isTTY;
    spy.mockRestore();
  };
}

function giveInput(input: string | Uint8Array): () => void {
  const before = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  const value = Readable.from(input.length === 0 ? [] : [Buffer.from(input)]);
  Object.defineProperty(process, 'stdin', { value, configurable: true });
  return () => void Object.defineProperty(process, 'stdin', before);
}

function moveTo(folder: string, variables: Record<string, string>): () => void {
  const before = { folder: process.cwd(), environment: process.env };
  process.chdir(folder);
  process.env = cleanEnvironment(variables);
  return () => {
    process.env = before.environment;
    process.chdir(before.folder);
  };
}
