import { userInfo } from 'node:os';
import { Command, InvalidArgumentError, Option, type ErrorOptions } from 'commander';
import { TenantryError } from '../../contract/errors.js';
import { report, stderr } from './output.js';
import { useStyle, type OutputStyle } from './output-style.js';

export interface JsonOption {
  json?: boolean;
}

/** The options of a list. */
export interface ListForm extends JsonOption {
  csv?: boolean;
  quiet?: boolean;
}

/** Who decides, and why: the options of `reason`. */
export interface ReasonOptions {
  reason: string;
  actor: string;
}

/** The options of `applied`. */
export interface ApplyOptions extends Partial<ReasonOptions> {
  apply?: boolean;
  actor: string;
}

const ACTOR = '--actor <name>';

interface RequiredOption {
  /** Another option that will do. */
  or?: string;
  read?: (text: string) => string;
}

function parseReason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must say why.');
  return text;
}

/** A command of this program. `end` gets the exit code of the command that ran. */
export class CliCommand extends Command {
  private warnsOfUnknownSettings = true;

  constructor(
    name: string | undefined,
    private readonly end: (code: number) => void,
  ) {
    super(name);
  }

  override createCommand(name?: string): CliCommand {
    return new CliCommand(name, this.end);
  }

  /** An option after the name of a command below belongs to that one, also where both have it. */
  override copyInheritedSettings(from: Command): this {
    return super.copyInheritedSettings(from).enablePositionalOptions();
  }

  /** For a command that reads no settings, or reports itself the ones that do not exist. */
  withoutSettingsWarning(): this {
    this.warnsOfUnknownSettings = false;
    return this;
  }

  /**
   * An option without which the command is refused, unless `or` is there; an unknown one, such as a misspelt one, is
   * refused before. `read` refuses what it cannot use.
   */
  required(flags: string, description: string, { or, read = (text) => text }: RequiredOption = {}): this {
    return this.option(flags, description, read).hook('preAction', () => {
      const isGiven = ({ flags: one, long }: Option) => one === flags || (or !== undefined && long === or);
      const given = this.options
        .filter(isGiven)
        .map((option) => this.getOptionValue(option.attributeName()) as unknown);
      const hint = or === undefined ? '' : `\n(Give that or ${or})`;
      if (given.every((value) => value === undefined))
        this.error(`error: required option '${flags}' not specified${hint}`, {
          code: 'commander.missingMandatoryOptionValue',
        });
    });
  }

  /** Runs the function with arguments and options. Its number is the exit code; its error becomes one message. */
  handler(act: (...args: never[]) => number | Promise<number>): this {
    if (this.options.some(({ long }) => long === '--csv')) this.addOption(outputOption());
    for (const option of styleOptions()) this.addOption(option.hideHelp());
    return this.action(async (...args) => {
      this.nameForm();
      useStyle(styleOf(this));
      const { json = false } = this.opts<JsonOption>();
      try {
        if (this.warnsOfUnknownSettings) await warnOfUnknownSettings();
        this.nameActor();
        this.end(await act(...(args as never[])));
      } catch (error) {
        this.end(await this.fail(error, json));
      }
    });
  }

  /** What is refused may be so because of a misspelt setting, so that is said, too. */
  private async fail(error: unknown, json: boolean): Promise<number> {
    const code = await report(error, json);
    const isRefused = error instanceof TenantryError && error.kind === 'refused';
    if (!isRefused || this.warnsOfUnknownSettings || json) return code;
    try {
      await warnOfUnknownSettings();
    } catch {
      // .env cannot be read, as the error has said
    }
    return code;
  }

  /** Names the commands that there are, unless the mistyped one is like one of them. */
  override error(message: string, options?: ErrorOptions): never {
    const unknown = options?.code === 'commander.unknownCommand' && !message.includes('Did you mean');
    const known = this.commands.map((command) => command.name()).join(', ');
    return super.error(unknown ? `${message}\n(Known are ${known})` : message, options);
  }

  json(): this {
    return this.option('--json', 'answer in JSON');
  }

  /** For a list: as a table, in JSON or in CSV. */
  list(): this {
    return this.json().addOption(new Option('--csv', 'answer in CSV').conflicts('json'));
  }

  /** Prints so little that a script can use it as it is. */
  quiet(description: string): this {
    return this.addOption(new Option('-q, --quiet', `print only ${description}`).conflicts(['json', 'csv', 'output']));
  }

  /** Who decides, and why. */
  reason(does: 'decides' | 'cancels'): this {
    const description = 'why; kept in the status and in the history';
    return this.required('--reason <text>', description, { read: parseReason }).actor(does);
  }

  /** The same where the command itself can say why. */
  reasonUnlessGiven(usual: string): this {
    return this.option('--reason <text>', `why; "${usual}" by default`, parseReason).actor('decides');
  }

  /** `--apply`, and what goes with it. The command calls `checkApplied`. */
  applied(description: string): this {
    return this.option('--apply', description)
      .option('--reason <text>', 'why; goes with --apply, and is kept in the history')
      .actor('decides');
  }

  private actor(does: 'decides' | 'cancels'): this {
    return this.option(ACTOR, `who ${does}; the name of your account by default`);
  }

  /** `--output json` is `--json`. */
  private nameForm(): void {
    const { output } = this.opts<{ output?: string }>();
    if (output === 'json' || output === 'csv') this.setOptionValue(output, true);
  }

  /** Asks for the name of the account only where it is needed: some accounts have none. */
  private nameActor(): void {
    const isAsked = this.options.some(({ flags }) => flags === ACTOR);
    if (isAsked && this.getOptionValue('actor') === undefined) this.setOptionValue('actor', userInfo().username);
  }

  exitCodes(text: string): this {
    return this.addHelpText('after', `\nExit codes: ${text}`);
  }

  /** Command lines that can be typed; the last part of the help. */
  examples(...lines: string[]): this {
    return this.addHelpText('after', `\nExamples:\n${lines.map((line) => `  tenantry ${line}`).join('\n')}`);
  }
}

/** What stands before the name of the command counts like what stands after it. */
function styleOf(command: Command | null): OutputStyle {
  if (command === null) return { wide: false, color: true };
  const { wide = false, color = true } = command.opts<OutputStyle>();
  const above = styleOf(command.parent);
  return { wide: wide || above.wide === true, color: color && above.color !== false };
}

/** How everything is printed: options of the program, and of each command. */
export function styleOptions(): Option[] {
  return [
    new Option('--no-color', 'no colours, as with the variable NO_COLOR'),
    new Option('--wide', 'tables in full, however wide the terminal is'),
  ];
}

function outputOption(): Option {
  const forms = ['table', 'json', 'csv'];
  return new Option('-o, --output <form>', 'the same by name').choices(forms).conflicts(['json', 'csv']);
}

async function warnOfUnknownSettings(): Promise<void> {
  const { unknownSettingsText } = await import('../../settings/names.js');
  const warning = unknownSettingsText();
  if (warning !== undefined) stderr(warning);
}

/** Refuses `--apply` without a reason, and a reason without `--apply`. */
export function checkApplied({ apply = false, reason }: Pick<ApplyOptions, 'apply' | 'reason'>): void {
  if (apply && !reason?.trim())
    throw new TenantryError('refused', 'Say why with --reason: it is kept in the history of each customer.');
  if (!apply && reason !== undefined) throw new TenantryError('refused', '--reason goes with --apply.');
}
