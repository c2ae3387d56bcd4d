import { Option } from 'commander';
import * as lookups from '../../../lookups/index.js';
import type { Shown } from './shown.js';

export const agents: Shown<lookups.AgentsFilter, lookups.AgentRow> = {
  command: 'agents',
  summary: "the machines with the vendor's agent",
  lookup: lookups.agents,
  columns: ['hostname', 'online', 'os', 'version', 'tenant', 'registeredAt', 'id'],
  options: [
    new Option('--online', 'only those that answer'),
    new Option('--offline', 'only those that do not').implies({ online: false }).conflicts('online'),
    new Option('--hostname <part>', 'only those whose host is called so'),
    new Option('--os <family>', 'only of this family: windows, linux, macosx, …'),
  ],
  examples: ['agents', 'agents --tenant customer-inc --offline'],
};

const ofResources = (): Option[] => [
  new Option('--type <type>', 'only of this type, e.g. resource.machine'),
  new Option('--name <part>', 'only those whose name contains this'),
];

export const resources: Shown<lookups.ResourcesFilter, lookups.ResourceRow> = {
  command: 'resources',
  summary: 'machines, mailboxes, groups and whatever else can be protected',
  lookup: lookups.resources,
  columns: ['name', 'type', 'tenantNumber', 'agentId', 'updatedAt', 'attributes', 'id'],
  options: [...ofResources(), new Option('--attributes', 'with all that is known of each')],
  examples: ['resources --tenant customer-inc --type resource.machine', 'resources --attributes --json'],
};

export const protection: Shown<lookups.ProtectionFilter, lookups.ProtectionRow> = {
  command: 'protection',
  summary: 'how well resources are protected',
  lookup: lookups.protection,
  columns: ['name', 'status', 'plans', 'lastRun', 'lastSuccess', 'nextRun', 'type', 'id'],
  options: [...ofResources(), new Option('--status <status>', 'only in this state: ok, error, not_protected, …')],
  examples: ['protection --tenant customer-inc', 'protection --status not_protected'],
};

export const plans: Shown<lookups.PlansFilter, lookups.PlanRow> = {
  command: 'plans',
  summary: 'protection plans and their parts',
  lookup: lookups.plans,
  columns: ['name', 'enabled', 'parts', 'tenantNumber', 'updatedAt', 'id'],
  options: [
    new Option('--name <part>', 'only those whose name contains this'),
    new Option('--applicable-to <id>', 'only those that could be applied to this resource'),
    new Option('--templates', "the vendor's templates instead"),
  ],
  examples: ['plans --tenant customer-inc', 'plans --templates'],
};
