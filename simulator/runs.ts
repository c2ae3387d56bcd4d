import type { Assignment } from './protection.js';
import { startProgress, advance, type Progress } from './delays.js';
import { now, type World } from './world.js';

/** A running policy on a machine, which the API shows as a task and its activity. */
export interface Run {
  assignment: Assignment;
  tasks: Task[];
  progress: Progress;
}

export function startRun(world: World, assignment: Assignment): Run {
  assignment.running = true;
  assignment.lastRun = now();
  const task = addTask(world, { assignment, state: 'started' });
  const activity = addActivity(world, { assignment, state: 'started', task });
  const run = { assignment, tasks: [task, activity], progress: startProgress(world.runDelay, 'ok') };
  world.runs.push(run);
  return run;
}

/** Counts one read of every run, and ends those that are due. */
export function advanceRuns(world: World): void {
  const looked = world.runs.map((run) => ({ run, result: advance(run.progress) }));
  for (const { run, result } of looked) if (result !== undefined) complete(world, run, result);
}

/** Ends all runs, or those of one assignment, with this result. The others stay as they are. */
export function finishRuns(world: World, result: string, assignment?: Assignment): void {
  for (const run of world.runs.filter((one) => assignment === undefined || one.assignment === assignment))
    complete(world, run, result);
}

function complete(world: World, run: Run, result: string): void {
  const at = now();
  world.runs.splice(world.runs.indexOf(run), 1);
  Object.assign(run.assignment, { running: false, lastResult: result });
  if (result === 'ok') run.assignment.lastSuccess = at;
  for (const task of run.tasks)
    Object.assign(task, { state: 'completed', result: { code: result, payload: {} }, completedAt: at, updatedAt: at });
}

/** A task, or an activity of one. */
export interface Task {
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
  /** Activities only: the task that it belongs to. */
  taskId?: bigint;
  hiddenReads: number;
}

interface NewTask {
  assignment: Assignment;
  state: string;
  result?: string;
  at?: string;
}

export function addTask(world: World, wanted: NewTask): Task {
  const work = newTask(world, wanted);
  world.tasks.push(work);
  return work;
}

export function addActivity(world: World, { task, ...wanted }: NewTask & { task: Task }): Task {
  const work = { ...newTask(world, wanted), taskId: task.id };
  world.activities.push(work);
  return work;
}

/** Ids of tasks are larger than the largest exact integer in JavaScript. */
const FIRST_ID = 731_000_000_000_000_000n;

function newTask(world: World, { assignment, state, result, at = now() }: NewTask): Task {
  const machine = world.resources.get(assignment.resourceId);
  const { policyId, policyType, policyName, tenantId, resourceId } = assignment;
  return {
    id: FIRST_ID + BigInt(world.tasks.length + world.activities.length + 1),
    uuid: world.newId(),
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
