import type { EndedRun, FindExpectedEnd } from './find-problems.js';
import { fileShape } from './harm.js';
import { cleanPlan } from './plan.js';
import { simulate } from './simulate.js';
import { differences, type Snapshot } from './snapshot.js';
import type { Sandbox } from './vm.js';

/** The result of an undisturbed run: the world, and the form of its files. */
interface CleanRun {
  whole: Snapshot;
  shapes: readonly string[];
}

/** What a completed run must leave: the result of an undisturbed run, and what the model demands. */
export function expectedEnds(sandbox: Sandbox): FindExpectedEnd {
  const known = new Map<string, Promise<CleanRun>>();
  return async (ended) => {
    const { subject, before, after, input, plan, status } = ended;
    const key = JSON.stringify([plan.operation, plan.variant, plan.sites, plan.earlier]);
    const measured = known.get(key) ?? runClean(sandbox, ended);
    known.set(key, measured);
    const { whole, shapes } = await measured;
    const steps = status.steps.filter(({ state }) => state === 'skipped');
    const skipped = steps.map(({ name }) => name);
    const asked = subject.model.expected?.(input, skipped, before) ?? {};
    const { forEach } = subject.model;
    if (skipped.length === 0 && forEach === undefined) return { whole, asked, shapes };
    // what a skipped step would have changed can be unchanged, and what was refused for one of many can be missing
    const touched = differences(before, whole).map((label) => [label, after[label]] as const);
    const unsent = (label: string) => label.startsWith('mail to ') && skipped.includes('sendActivationEmail');
    const kept = touched.filter(([label, there]) => there !== undefined || forEach !== undefined || unsent(label));
    const left = skipped.flatMap((step) => subject.model.leftWhenSkipped?.[step] ?? []);
    const stays = Object.entries(after).filter(([label]) => left.some((start) => label.startsWith(start)));
    return { whole: { ...whole, ...Object.fromEntries([...kept, ...stays]) }, asked, shapes };
  };
}

async function runClean(sandbox: Sandbox, { plan }: EndedRun): Promise<CleanRun> {
  const { sites, earlier } = plan;
  const world = { ...(sites && { sites }), ...(earlier && { earlier }) };
  const clean = await simulate(sandbox, cleanPlan(plan.operation, plan.variant, world));
  const { state } = clean.status;
  if (state !== 'completed') throw new Error(`an undisturbed ${plan.operation} (${plan.variant}) is ${state}`);
  return { whole: clean.after, shapes: clean.files.map(fileShape) };
}
