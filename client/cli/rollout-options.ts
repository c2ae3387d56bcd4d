import { TenantryError } from '../../contract/errors.js';
import { defaultRollout, MOST_AT_ONCE, MOST_CUSTOMERS, type FailureLimit } from '../../contract/rollout.js';
import type { CliCommand } from './command.js';
import { parseFailureLimit, wholeNumberFrom } from './parsers.js';

/** The customers of a rollout, how many begin at a time, and how many may fail. */
export interface RolloutOptions {
  only?: string;
  all?: boolean;
  canary: number;
  atOnce: number;
  maxFailures?: FailureLimit;
}

/** How a command that starts a rollout gets the customers. `all` says what `--all` means. */
export function addCustomerOptions(command: CliCommand, all: string): CliCommand {
  return command.option('--only <customers>', 'these customers: references, separated by commas').option('--all', all);
}

/** The other options of every command that starts a rollout. */
export function addRolloutOptions(command: CliCommand): CliCommand {
  const { number, share } = defaultRollout.maxFailures;
  return command
    .option(
      '--canary <count>',
      'how many customers start first',
      wholeNumberFrom(0, MOST_CUSTOMERS),
      defaultRollout.canary,
    )
    .option('--at-once <count>', 'how many at the same time', wholeNumberFrom(1, MOST_AT_ONCE), defaultRollout.atOnce)
    .option(
      '--max-failures <limit>',
      `stop after more failures than this (number or 5%); ${number}, or ${share * 100}% if that is more, by default`,
      parseFailureLimit,
    );
}

/** The references of `--only`; undefined for `--all`, and `all` says of what. */
export function chosenCustomers({ only, all: isAll = false }: RolloutOptions, all: string): string[] | undefined {
  if (isAll === (only !== undefined))
    throw new TenantryError('refused', `Name the customers by --only, or give --all for all ${all}.`);
  if (only === undefined) return undefined;
  const refs = only.split(',').map((ref) => ref.trim());
  if (refs.includes('')) throw new TenantryError('refused', '--only: a reference is empty.');
  return [...new Set(refs)];
}
