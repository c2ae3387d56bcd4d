import { Option } from 'commander';
import * as lookups from '../../../lookups/index.js';
import { formatAmount } from './format.js';
import type { CommandFor } from './lookup-command.js';
import { kinds } from './tenants.js';

export const applications: CommandFor<typeof lookups.applications> = {
  command: 'applications',
  summary: 'the services that a tenant has',
  lookup: lookups.applications,
  columns: ['type', 'name', 'enabled', 'id'],
  options: [new Option('--all', 'also those that it does not have')],
  examples: ['applications --tenant customer-inc --all'],
};

export const editions: CommandFor<typeof lookups.editions> = {
  command: 'editions',
  summary: 'the editions that a tenant has, or could have',
  lookup: lookups.editions,
  columns: ['application', 'edition', 'itemsOn', 'itemsOffered', 'warnings'],
  options: [new Option('--check', "with the vendor's warnings before a switch to each; one dry run for each")],
  examples: ['editions --tenant customer-inc --check'],
};

export const items: CommandFor<typeof lookups.items> = {
  command: 'items',
  summary: 'the offering items of a tenant',
  lookup: lookups.items,
  columns: [
    'name',
    'edition',
    'type',
    'on',
    { heading: 'LIMIT', cell: ({ limit, unit, usageName }) => formatAmount(limit, unit, usageName) },
    { heading: 'OVERAGE', cell: ({ overage, unit, usageName }) => formatAmount(overage, unit, usageName) },
    'infraId',
  ],
  options: [
    new Option('--edition <edition>', 'only those of this edition, and those without an edition'),
    new Option('--on', 'only those that are switched on'),
    new Option(
      '--offered-to <kind>',
      'what the tenant could offer to a child of this kind, instead of its own',
    ).choices(kinds),
  ],
  examples: ['items --tenant customer-inc --on', 'items --offered-to customer --edition pck_per_gigabyte'],
};

export const pricing: CommandFor<typeof lookups.pricing> = {
  command: 'pricing',
  summary: 'how a tenant is charged',
  lookup: lookups.pricing,
  columns: ['name', 'mode', 'currency', 'productionStart', 'tenantId'],
  options: [],
  examples: ['pricing --tenant customer-inc'],
};

export const usage: CommandFor<typeof lookups.usage> = {
  command: 'usage',
  summary: 'what a tenant uses at present; not for billing',
  lookup: lookups.usage,
  columns: [
    'tenant',
    'usageName',
    'edition',
    { heading: 'THIS MONTH', cell: ({ value, unit, usageName }) => formatAmount(value, unit, usageName) },
    { heading: 'TOTAL', cell: ({ total, unit, usageName }) => formatAmount(total, unit, usageName) },
    { heading: 'LIMIT', cell: ({ limit, unit, usageName }) => formatAmount(limit, unit, usageName) },
  ],
  options: [
    new Option('--used', 'only what is used'),
    new Option('--customers', 'for each customer below the tenant, instead of the tenant'),
  ],
  examples: ['usage --used', 'usage --customers --csv > usage.csv'],
  note: lookups.NOT_FOR_BILLING,
};
