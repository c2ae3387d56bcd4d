import { addActivity, addTask, type Work } from './work.js';
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
