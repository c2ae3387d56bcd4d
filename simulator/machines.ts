import type { Agent } from './agents.js';
import type { Resource } from './resources.js';
import type { World } from './world.js';

export const families = ['WINDOWS', 'LINUX', 'MACOSX'] as const;

export interface NewMachine {
  tenantId: string;
  hostname?: string | undefined;
  online?: boolean | undefined;
  /** WINDOWS, LINUX or MACOSX. */
  family?: string | undefined;
  registered?: Date | undefined;
}

export interface AddedMachine {
  agentId: string;
  resourceId: string;
}

/** Adds a machine with an agent to a tenant, as if somebody had installed it there. */
export function addMachine(world: World, machine: NewMachine): AddedMachine {
  const { tenantId, hostname = `ws-${world.agents.size + 1}.local`, family = 'WINDOWS' } = machine;
  const registered = machine.registered ?? new Date();
  const agent: Agent = {
    id: world.newId(),
    tenantId,
    hostname,
    online: machine.online ?? true,
    family,
    registered,
    upToDate: true,
    nextResults: [],
    hiddenReads: 0,
  };
  world.agents.set(agent.id, agent);
  const at = registered.toISOString();
  const resource: Resource = {
    id: world.newId(),
    tenantId,
    name: hostname.split('.')[0]!.toUpperCase(),
    user_defined_name: null,
    type: 'resource.machine',
    agent_id: agent.id,
    parent_group_ids: [],
    allowed_member_types: [],
    group_condition: null,
    attributes: [{ name: 'computer', kvs: [{ key: 'os_type', value: family === 'WINDOWS' ? 'Windows' : family }] }],
    created_at: at,
    updated_at: at,
    deleted_at: null,
    hiddenReads: 0,
  };
  world.resources.set(resource.id, resource);
  return { agentId: agent.id, resourceId: resource.id };
}
