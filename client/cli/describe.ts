import type { Command } from 'commander';

/** Wraps what a command does: its errors become one message, its number the exit code. */
export type Ending = <A extends unknown[]>(
  act: (...args: A) => number | Promise<number>,
) => (...args: A) => Promise<void>;

export const asJson: [string, string] = ['--json', 'answer in JSON'];

/** Shows lines that can be typed, below a command's help. */
export function examples(command: Command, ...lines: string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  tenantry ${line}`).join('\n')}`);
}
