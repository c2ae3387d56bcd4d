import type { Argument, Command, Option } from 'commander';

/** Marks a value that is the name of a file or folder. */
export const FILE = '<file>';

/** What can be typed after one command. */
export interface CompletedCommand {
  /** The words that lead to it: `customer act`. Empty for the program itself. */
  path: string;
  /** Commands, options, and what its argument may be. */
  words: string[];
  /** What may follow an option: its choices, `FILE`, or nothing that is known. Options without a value are not here. */
  values: { option: string; words: string[] }[];
}

/** Every command of a program. `operations` may stand for an argument of that name. */
export function completedCommands(top: Command, operations: readonly string[]): CompletedCommand[] {
  const visit = (command: Command, path: readonly string[]): CompletedCommand[] => [
    {
      path: path.join(' '),
      words: [
        ...command.commands.map((one) => one.name()),
        ...command.registeredArguments.slice(0, 1).flatMap((one) => wordsOf(one, operations)),
        ...command.options.flatMap(({ long }) => long ?? []),
        '--help',
      ],
      values: command.options.filter(takesValue).map((one) => ({ option: one.long!, words: valuesOf(one) })),
    },
    ...command.commands.flatMap((one) => visit(one, [...path, one.name()])),
  ];
  return visit(top, []);
}

function takesValue({ required, optional, long }: Option): boolean {
  return (required || optional) && long != null;
}

function wordsOf(argument: Argument, operations: readonly string[]): readonly string[] {
  if (argument.name() === 'operation') return operations;
  return argument.argChoices ?? (argument.name() === 'file' ? [FILE] : []);
}

function valuesOf({ argChoices, flags }: Option): string[] {
  return argChoices ?? (/<(file|folder)>/.test(flags) ? [FILE] : []);
}
