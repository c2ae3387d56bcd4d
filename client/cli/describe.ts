import { InvalidArgumentError, type Command } from 'commander';

/** Wraps what a command does: its errors become one message, its number the exit code. */
export type Ending = <A extends unknown[]>(
  act: (...args: A) => number | Promise<number>,
) => (...args: A) => Promise<void>;

export const asJson: [string, string] = ['--json', 'answer in JSON'];

/** Shows lines that can be typed, below a command's help. */
export function examples(command: Command, ...lines: string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  tenantry ${line}`).join('\n')}`);
}

/** Reads a whole number, or says what it must be. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Reads a number of days. */
export function days(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least one day.');
  return number;
}

/** Reads the number of a port, 0 for a free one. */
export function port(text: string): number {
  const number = wholeNumber(text);
  if (number > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return number;
}
