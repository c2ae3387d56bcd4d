import type { Assignment } from './protection.js';
import { startProgress, advance, type Progress } from './delays.js';
import { agentOf, takeResult } from './next-results.js';
import { now, type World } from './world.js';

/** A running policy on a machine, which the API shows as a task and its activity. */
export interface Run {
  assignment: Assignment;
  tasks: Task[];
  progress: Progress;
  /** Milliseconds of the cloud's clock. Such a run ends then, however often it is read. */
  endsAt?: number;
}

/** A run that starts and ends at known times. */
export interface TimedRun {
  startedAt: number;
  endsAt: number;
  /** How it ends. Default: as the next backup of the machine does. */
  result?: string | undefined;
}

export function startRun(world: World, assignment: Assignment): Run {
  return pushRun(world, assignment, now(), startProgress(world.runDelay, takeResult(agentOf(world, assignment))));
}

/** Starts a run that ends by the cloud's clock. */
export function startTimedRun(world: World, assignment: Assignment, { startedAt, endsAt, result }: TimedRun): void {
  const outcome = result ?? takeResult(agentOf(world, assignment));
  const progress = { looksLeft: 0, ripeAt: Infinity, outcome };
  pushRun(world, assignment, new Date(startedAt).toISOString(), progress).endsAt = endsAt;
}

function pushRun(world: World, assignment: Assignment, at: string, progress: Progress): Run {
  assignment.running = true;
  assignment.lastRun = at;
  const task = addTask(world, { assignment, state: 'started', at });
  const activity = addActivity(world, { assignment, state: 'started', at, task });
  const run: Run = { assignment, tasks: [task, activity], progress };
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

/** Ends a run with this result. */
export function complete(world: World, run: Run, result: string, at = now()): void {
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
