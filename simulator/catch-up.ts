import { BACKUP_MS } from './machine-changes.js';
import { nextStepAt, takeStep } from './machine-lives.js';
import { agentOf } from './next-results.js';
import type { Assignment } from './protection.js';
import { complete, startTimedRun } from './runs.js';
import { nextBackupAt } from './schedules.js';
import type { World } from './world.js';

/** Something that happens by the cloud's clock. */
interface Happening {
  at: number;
  act(): void;
}

/** Lets everything happen that was due by now, in order of time: backups start and end, machines live. */
export function catchUp(world: World): void {
  const until = world.time();
  for (let next = firstOf(world, until); next !== undefined; next = firstOf(world, until)) next.act();
  if (world.scheduledBackups) for (const one of world.assignments.values()) markPlayed(one, until);
}

/** The first happening that is due. At one moment, backups end before machines change, and start after that. */
function firstOf(world: World, until: number): Happening | undefined {
  let first: Happening | undefined;
  for (const one of happenings(world)) if (one.at <= until && (first === undefined || one.at < first.at)) first = one;
  return first;
}

function* happenings(world: World): Generator<Happening> {
  for (const run of world.runs) {
    const at = run.endsAt;
    if (at === undefined) continue;
    yield { at, act: () => complete(world, run, run.progress.outcome, new Date(at).toISOString()) };
  }
  for (const life of world.machineLives) {
    const at = nextStepAt(world, life);
    if (at !== undefined) yield { at, act: () => takeStep(world, life, at) };
  }
  if (world.scheduledBackups)
    for (const one of world.assignments.values()) {
      const at = nextBackupAt(world, one);
      if (at !== undefined) yield { at, act: () => startScheduled(world, one, at) };
    }
}

/** A machine that is offline at the time, or still backs up, misses this backup. */
function startScheduled(world: World, assignment: Assignment, at: number): void {
  markPlayed(assignment, at);
  if (agentOf(world, assignment)?.online !== true || assignment.running) return;
  startTimedRun(world, assignment, { startedAt: at, endsAt: at + BACKUP_MS });
}

function markPlayed(assignment: Assignment, at: number): void {
  if (Date.parse(assignment.scheduled_at) < at) assignment.scheduled_at = new Date(at).toISOString();
}
