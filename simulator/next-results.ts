import type { Agent } from './agents.js';
import type { Assignment } from './protection.js';
import type { World } from './world.js';

/** How a backup can end. */
export const results = ['ok', 'warning', 'error'] as const;

/** The agent of the machine that a policy is applied to. */
export function agentOf(world: World, { resourceId }: Assignment): Agent | undefined {
  return world.agents.get(world.resources.get(resourceId)?.agent_id ?? '');
}

/** How the next backup of the machine ends, which uses up one planned result. */
export function takeResult(agent: Agent | undefined): string {
  return agent?.nextResults.shift() ?? 'ok';
}
