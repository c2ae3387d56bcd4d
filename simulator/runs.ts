import { randomUUID } from 'node:crypto';
import type { Assignment } from './protection.js';
import { begin, end, look, type Growing } from './ripening.js';
import { now, type World } from './world.js';

/** A policy at work on a machine, seen as a task and its activity. */
export interface Run {
  assignment: Assignment;
  works: Work[];
  progress: Growing;
}

export function startRun(world: World, assignment: Assignment): Run {
  assignment.running = true;
  assignment.lastRun = now();
  const task = addTask(world, { assignment, state: 'started' });
  const activity = addActivity(world, { assignment, state: 'started', task });
  const run = { assignment, works: [task, activity], progress: begin(world.running, 'ok') };
  world.runs.push(run);
  return run;
}

/** Brings every run one look nearer to its end, and ends those that are there. */
export function settleRuns(world: World): void {
  const looked = world.runs.map((run) => ({ run, result: look(run.progress) }));
  for (const { run, result } of looked) if (result !== undefined) finish(world, run, result);
}

/** Ends all runs of an assignment, or all there are, in this way. */
export function endRuns(world: World, result: string, assignment?: Assignment): void {
  for (const run of world.runs.filter((one) => assignment === undefined || one.assignment === assignment))
    end(run.progress, result);
  settleRuns(world);
}

export function cancelRun(world: World, assignment: Assignment): void {
  for (const run of world.runs.filter((one) => one.assignment === assignment)) finish(world, run, 'cancelled');
}

function finish(world: World, run: Run, result: string): void {
  const at = now();
  world.runs.splice(world.runs.indexOf(run), 1);
  Object.assign(run.assignment, { running: false, lastResult: result });
  if (result === 'ok') run.assignment.lastSuccess = at;
  for (const work of run.works)
    Object.assign(work, { state: 'completed', result: { code: result, payload: {} }, completedAt: at, updatedAt: at });
}

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
