import { InvalidArgumentError, Option } from 'commander';
import { MOST_IDS, readIds } from '../../../catalogue/look-ups.js';
import * as lookups from '../../../lookups/index.js';
import { parseWholeNumber } from '../parsers.js';
import type { CommandFor } from './lookup-command.js';

/** Kinds of tenants that can be below another. */
export const kinds = ['partner', 'folder', 'customer', 'unit'];

export const tree: CommandFor<typeof lookups.tree> = {
  command: 'tree',
  summary: 'a tenant and everything below it',
  lookup: lookups.tree,
  columns: [
    { heading: 'NAME', cell: ({ depth, name }) => `${'  '.repeat(depth)}${name}` },
    'kind',
    'enabled',
    'billingMode',
    'customerId',
    'id',
  ],
  options: [
    new Option('--depth <n>', 'how many levels below the tenant').argParser(parseWholeNumber),
    new Option('--kind <kind>', 'only tenants of this kind').choices(kinds),
    new Option('--users', 'with the users of each tenant'),
  ],
  examples: ['tree', 'tree --depth 1 --users', 'tree --kind customer --csv > customers.csv'],
};

export const search: CommandFor<typeof lookups.search> = {
  command: 'search <text>',
  summary: 'tenants and users by the beginnings of their names, logins, contacts or customer ids',
  lookup: lookups.search,
  columns: [
    'type',
    'kind',
    'name',
    'firstName',
    'lastName',
    { heading: 'BELOW', cell: ({ path }) => path.join(' > ') },
    'id',
  ],
  options: [],
  examples: ['search north', 'search "jane roe" --tenant customer-inc'],
};

export const path: CommandFor<typeof lookups.path> = {
  command: 'path',
  summary: 'a tenant and where it lies: all that is above it, up to our root',
  lookup: lookups.path,
  columns: ['name', 'kind', { heading: 'BELOW', cell: ({ path }) => path.join(' > ') }, 'id'],
  options: [
    new Option('--ids <list>', 'instead: these, by their ids, separated by commas; deleted ones, too').argParser(
      parseIds,
    ),
  ],
  examples: ['path --tenant customer-inc', 'path --tenant customer-inc --json'],
};

function parseIds(list: string): string[] {
  const ids = readIds(list);
  if (ids === undefined) throw new InvalidArgumentError(`It must be 1 to ${MOST_IDS} tenant ids, separated by commas.`);
  return ids;
}

export const trial: CommandFor<typeof lookups.trial> = {
  command: 'trial',
  summary: 'when the trial of a customer ends, or of each customer below that is in trial',
  lookup: lookups.trial,
  columns: ['name', 'mode', 'endsByDate', 'endsByVersion', 'tenantId'],
  options: [],
  examples: ['trial --tenant customer-inc', 'trial --json'],
};

export const users: CommandFor<typeof lookups.users> = {
  command: 'users',
  summary: 'the users of a tenant and of all below it',
  lookup: lookups.users,
  columns: ['login', 'email', 'enabled', 'activated', 'twoFactor', 'roles', 'id', 'tenantId'],
  options: [
    new Option('--here', 'only those of the tenant itself, not of tenants below it'),
    new Option('--roles', 'with their roles; one call for each user'),
    new Option('--inactive', 'only those who cannot log in: disabled, or not activated yet'),
  ],
  examples: ['users --tenant customer-inc --roles', 'users --inactive --csv'],
};
