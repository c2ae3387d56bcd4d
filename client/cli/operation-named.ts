import { Command, CommanderError } from 'commander';
import type { CatalogueEntry } from '../../catalogue/index.js';
import { TenantryError } from '../../contract/errors.js';
import { findOperation, operationNames } from '../operations.js';

/** Finds an operation by its name. Refused, with the one that is like it or else with all, when there is none. */
export function operationNamed(name: string): CatalogueEntry {
  const like = operationNames().includes(name) ? undefined : mostLike(name, operationNames());
  if (like === undefined) return findOperation(name);
  throw new TenantryError('refused', `There is no operation ${name}. Did you mean ${like}?`);
}

/** The name that a mistyped one is most like, as commander finds it for its own commands. */
function mostLike(word: string, names: readonly string[]): string | undefined {
  const top = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const name of names) top.command(name);
  try {
    top.parse([word], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return /Did you mean (?:one of )?(\w+)/.exec(error.message)?.[1];
  }
}
