import { Option } from 'commander';
import * as lookups from '../../../lookups/index.js';
import type { CommandFor } from './lookup-command.js';

export const agents: CommandFor<typeof lookups.agents> = {
  command: 'agents',
  summary: "the machines with the vendor's agent",
  lookup: lookups.agents,
  columns: ['hostname', 'online', 'os', 'version', 'tenant', 'registeredAt', 'id'],
  options: [
    new Option('--online', 'only those that are online'),
    new Option('--offline', 'only those that are offline').implies({ online: false }).conflicts('online'),
    new Option('--hostname <part>', 'only those whose host name contains this'),
    new Option('--os <family>', 'only of this family: windows, linux, macosx, …'),
  ],
  examples: ['agents', 'agents --tenant customer-inc --offline'],
};

const ofResources = (): Option[] => [
  new Option('--type <type>', 'only of this type, e.g. resource.machine'),
  new Option('--name <part>', 'only those whose name contains this'),
];

export const resources: CommandFor<typeof lookups.resources> = {
  command: 'resources',
  summary: 'machines, mailboxes, groups and everything else that can be protected',
  lookup: lookups.resources,
  columns: ['name', 'type', 'tenantNumber', 'agentId', 'updatedAt', 'attributes', 'id'],
  options: [...ofResources(), new Option('--attributes', 'with all their attributes')],
  examples: ['resources --tenant customer-inc --type resource.machine', 'resources --attributes --json'],
};

export const protection: CommandFor<typeof lookups.protection> = {
  command: 'protection',
  summary: 'how well resources are protected',
  lookup: lookups.protection,
  columns: ['name', 'status', 'plans', 'lastRun', 'lastSuccess', 'nextRun', 'type', 'id'],
  options: [...ofResources(), new Option('--status <status>', 'only in this state: ok, error, not_protected, …')],
  examples: ['protection --tenant customer-inc', 'protection --status not_protected'],
};

export const plans: CommandFor<typeof lookups.plans> = {
  command: 'plans',
  summary: 'protection plans and their parts',
  lookup: lookups.plans,
  columns: ['name', 'enabled', 'parts', 'tenantNumber', 'updatedAt', 'id'],
  options: [
    new Option('--name <part>', 'only those whose name contains this'),
    new Option('--applicable-to <id>', 'only those that could be applied to this resource'),
    new Option('--templates', "the vendor's templates, instead of the tenant's plans"),
  ],
  examples: ['plans --tenant customer-inc', 'plans --templates'],
};
