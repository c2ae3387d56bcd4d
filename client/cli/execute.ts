import { CommanderError } from 'commander';
import { TenantryError } from '../../contract/errors.js';
import { Exit } from './exit-codes.js';
import { report, reportEnd, stdout } from './output.js';
import { program } from './program.js';

/** Runs the command line with these arguments to its end. Returns the exit code. */
export async function execute(args: readonly string[]): Promise<number> {
  if (asksForVersions(args)) {
    stdout((await import('./versions.js')).versionsText());
    return Exit.done;
  }
  let code: number = Exit.done;
  const json = asksForJson(args);
  const top = await program((given) => (code = given), { args, quiet: json });
  try {
    await top.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    const refusedUsage = error instanceof CommanderError && error.exitCode !== 0;
    return await (json && refusedUsage ? report(usageError(error), json) : reportEnd(error));
  }
}

function asksForVersions(args: readonly string[]): boolean {
  const isVersion = (word: string | undefined) => word === '--version' || word === '-V';
  return args.length === 2 && args.includes('--verbose') && args.some(isVersion);
}

/** What follows `--` is no option. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = args.slice(0, end === -1 ? args.length : end);
  return options.some((one, at) => {
    const isNamed = one === 'json' && ['-o', '--output'].includes(options[at - 1] ?? '');
    return isNamed || ['--json', '--output=json', '-ojson'].includes(one);
  });
}

function usageError({ message }: CommanderError): TenantryError {
  const text = message.replace(/^error: /, '').replaceAll(/\n\((.+)\)/g, '. $1');
  return new TenantryError('refused', text, { type: 'Usage' });
}
