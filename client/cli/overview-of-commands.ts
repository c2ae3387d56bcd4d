import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';

/** One command as the help of the whole program shows it. */
interface CommandLine {
  name: string;
  /** With its arguments, as commander reads them. */
  usage: string;
  description: string;
  hasOptions: boolean;
}

/** Written by the build, so that the help of the program loads no command. */
const file = new URL('./overview-of-commands.json', import.meta.url);

export function writeOverview(top: Command): void {
  const lines = top.commands.map((one): CommandLine => {
    const shown = one.registeredArguments.map((argument) => {
      const name = argument.variadic ? `${argument.name()}...` : argument.name();
      return argument.required ? ` <${name}>` : ` [${name}]`;
    });
    const usage = `${one.name()}${shown.join('')}`;
    return { name: one.name(), usage, description: one.description(), hasOptions: one.options.length > 0 };
  });
  writeFileSync(file, JSON.stringify(lines));
}

/** Adds every command with nothing behind it: enough for help and for what is mistyped. False where the build has not ended. */
export function addOverview(top: Command): boolean {
  if (!existsSync(file)) return false;
  for (const { usage, description, hasOptions } of JSON.parse(readFileSync(file, 'utf8')) as CommandLine[]) {
    const command = top.command(usage).description(description);
    if (hasOptions) command.option('--any', 'stands for the options of the command');
  }
  return true;
}
