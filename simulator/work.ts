import { randomUUID } from 'node:crypto';
import type { Assignment } from './protection.js';
import { now, type World } from './world.js';

/** A task or an activity. */
export interface Work {
  id: bigint;
  uuid: string;
  tenantId: string;
  type: string;
  state: string;
  result: { code: string; payload: object } | null;
  policy: { id: string; type: string; name: string } | null;
  resource: { id: string; type: string; name: string } | null;
  enqueuedAt: string;
  startedAt: string;
  updatedAt: string;
  completedAt: string | null;
  /** Of an activity: the task that it belongs to. */
  taskId?: bigint;
  hiddenReads: number;
}

interface NewWork {
  assignment: Assignment;
  state: string;
  result?: string;
  at?: string;
}

export function addTask(world: World, wanted: NewWork): Work {
  const work = newWork(world, wanted);
  world.tasks.push(work);
  return work;
}

export function addActivity(world: World, { task, ...wanted }: NewWork & { task: Work }): Work {
  const work = { ...newWork(world, wanted), taskId: task.id };
  world.activities.push(work);
  return work;
}

/** Numbers of tasks are longer than a number of JavaScript is exact. */
const FIRST_ID = 731_000_000_000_000_000n;

function newWork(world: World, { assignment, state, result, at = now() }: NewWork): Work {
  const machine = world.resources.get(assignment.resourceId);
  const { policyId, policyType, policyName, tenantId, resourceId } = assignment;
  return {
    id: FIRST_ID + BigInt(world.tasks.length + world.activities.length + 1),
    uuid: randomUUID(),
    tenantId,
    type: policyType.startsWith('policy.backup.') ? 'backup_machine' : 'protect_machine',
    state,
    result: result === undefined ? null : { code: result, payload: {} },
    policy: { id: policyId, type: policyType, name: policyName },
    resource: { id: resourceId, type: 'resource.machine', name: machine?.name ?? '' },
    enqueuedAt: at,
    startedAt: at,
    updatedAt: at,
    completedAt: state === 'completed' ? at : null,
    hiddenReads: 0,
  };
}
