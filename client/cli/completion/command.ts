import { Argument } from 'commander';
import type { CliCommand } from '../command.js';
import { Exit } from '../exit-codes.js';
import { stdout } from '../output.js';
import { completionScript, shells, type Shell } from './scripts.js';
import { completedCommands } from './words.js';

/** The command that makes a shell complete what is typed. */
export function addCompletion(top: CliCommand, everything: () => Promise<CliCommand>): void {
  top
    .command('completion')
    .description('print a script that completes commands, options, operations and choices in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .withoutSettingsWarning()
    .handler(async (shell: Shell) => {
      const { operationNames } = await import('../../operations.js');
      const commands = completedCommands(await everything(), operationNames());
      stdout(completionScript(shell, commands).trimEnd());
      return Exit.done;
    })
    .examples(
      'completion bash > ~/.local/share/bash-completion/completions/tenantry',
      'completion zsh > "${fpath[1]}/_tenantry"',
      'completion fish > ~/.config/fish/completions/tenantry.fish',
    );
}
