import { Option } from 'commander';
import { agents as agentsLookup, type AgentFilter, type AgentRow } from '../../lookups/agents.js';
import { plans as plansLookup, type PlanFilter, type PlanRow } from '../../lookups/plans.js';
import {
  protection as protectionLookup,
  resources as resourcesLookup,
  type ProtectionRow,
  type ResourceFilter,
  type ResourceRow,
} from '../../lookups/resources.js';
import type { Shown } from './shown.js';

export const agents: Shown<AgentFilter, AgentRow> = {
  command: 'agents',
  summary: "the machines with the vendor's agent",
  lookup: agentsLookup,
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

export const resources: Shown<ResourceFilter & { attributes?: boolean }, ResourceRow> = {
  command: 'resources',
  summary: 'machines, mailboxes, groups and whatever else can be protected',
  lookup: resourcesLookup,
  columns: ['name', 'type', 'tenantNumber', 'agentId', 'updatedAt', 'attributes', 'id'],
  options: [...ofResources(), new Option('--attributes', 'with all that is known of each')],
  examples: ['resources --tenant customer-inc --type resource.machine', 'resources --attributes --json'],
};

export const protection: Shown<ResourceFilter & { status?: string }, ProtectionRow> = {
  command: 'protection',
  summary: 'how well resources are protected',
  lookup: protectionLookup,
  columns: ['name', 'status', 'plans', 'lastRun', 'lastSuccess', 'nextRun', 'type', 'id'],
  options: [...ofResources(), new Option('--status <status>', 'only in this state: ok, error, not_protected, …')],
  examples: ['protection --tenant customer-inc', 'protection --status not_protected'],
};

export const plans: Shown<PlanFilter, PlanRow> = {
  command: 'plans',
  summary: 'protection plans and their parts',
  lookup: plansLookup,
  columns: ['name', 'enabled', 'parts', 'tenantNumber', 'updatedAt', 'id'],
  options: [
    new Option('--name <part>', 'only those whose name contains this'),
    new Option('--applicable-to <id>', 'only those that could be applied to this resource'),
    new Option('--templates', "the vendor's templates instead"),
  ],
  examples: ['plans --tenant customer-inc', 'plans --templates'],
};
