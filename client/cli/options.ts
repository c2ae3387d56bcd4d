import { InvalidArgumentError, type Command } from 'commander';

/** Wraps the function of a command: its errors become one message, its number the exit code. */
export type Handle = <A extends unknown[]>(
  act: (...args: A) => number | Promise<number>,
) => (...args: A) => Promise<void>;

export interface JsonOption {
  json?: boolean;
}

export const jsonOption: [string, string] = ['--json', 'answer in JSON'];

export const reasonOption: [string, string] = ['--reason <text>', 'why; kept in the status and in the history'];

/** Shows command lines that can be typed, below a command's help. */
export function withExamples(command: Command, ...lines: string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  tenantry ${line}`).join('\n')}`);
}

/** Reads a whole number; refuses anything else. */
export function parseWholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Reads a number of days, at least one. */
export function parseDays(text: string): number {
  const number = parseWholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least one day.');
  return number;
}

/** Reads the number of a port, 0 for a free one. */
export function parsePort(text: string): number {
  const number = parseWholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return number;
}
