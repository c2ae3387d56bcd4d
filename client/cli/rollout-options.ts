import { TenantryError } from '../../contract/errors.js';
import { defaultRollout, type FailureLimit } from '../../contract/rollout.js';
import type { CliCommand } from './command.js';
import { parseFailureLimit, parseWholeNumber } from './parsers.js';

/** How many customers of a rollout begin at a time, and how many may fail. */
export interface RolloutOptions {
  canary: number;
  atOnce: number;
  maxFailures?: FailureLimit;
}

/** The options of every command that starts a rollout. */
export function addRolloutOptions(command: CliCommand): CliCommand {
  const { number, share } = defaultRollout.maxFailures;
  return command
    .option('--canary <count>', 'so many customers begin first, alone', parseWholeNumber, defaultRollout.canary)
    .option('--at-once <count>', 'so many customers are under way at a time', parseWholeNumber, defaultRollout.atOnce)
    .option(
      '--max-failures <limit>',
      `more failures than this number, or share such as 5%, stop it; ${number}, or ${share * 100}% if that is more, by default`,
      parseFailureLimit,
    );
}

/** The references of `--only`. */
export function refsIn(given: string): string[] {
  const refs = given.split(',').map((ref) => ref.trim());
  if (refs.includes('')) throw new TenantryError('refused', '--only: a reference is empty.');
  return [...new Set(refs)];
}
