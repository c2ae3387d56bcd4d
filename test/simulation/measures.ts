import type { Ended, Measure } from './judge.js';
import { shapeOf } from './lives.js';
import { undisturbed } from './plan.js';
import { play } from './play.js';
import { unlike, type Portrait } from './portrait.js';
import type { Sandbox } from './vm.js';

/** What an undisturbed run leaves: the world, and what its files are like. */
interface Clean {
  whole: Portrait;
  shapes: readonly string[];
}

/** Measures runs that have completed by an undisturbed run of the same order, and by what the operation's model writes down by hand. */
export function measures(sandbox: Sandbox): Measure {
  const known = new Map<string, Promise<Clean>>();
  return async (ended) => {
    const { subject, before, after, input, plan, status } = ended;
    const key = `${plan.operation} ${plan.variant}`;
    const measured = known.get(key) ?? undisturbedWorld(sandbox, ended);
    known.set(key, measured);
    const { whole, shapes } = await measured;
    const steps = status.steps.filter(({ state }) => state === 'skipped');
    const skipped = steps.map(({ name }) => name);
    const asked = subject.model.asked?.(input, skipped) ?? {};
    const { forEach } = subject.model;
    if (skipped.length === 0 && forEach === undefined) return { whole, asked, shapes };
    // what people let do without may be as it is, and what one of many was refused may be missing
    const touched = unlike(before, whole).map((label) => [label, after[label]] as const);
    const kept = touched.filter(([, there]) => there !== undefined || forEach !== undefined);
    const left = skipped.flatMap((step) => subject.model.leaves?.[step] ?? []);
    const stays = Object.entries(after).filter(([label]) => left.some((start) => label.startsWith(start)));
    return { whole: { ...whole, ...Object.fromEntries([...kept, ...stays]) }, asked, shapes };
  };
}

async function undisturbedWorld(sandbox: Sandbox, { plan }: Ended): Promise<Clean> {
  const clean = await play(sandbox, undisturbed(plan.operation, plan.variant));
  const { state } = clean.status;
  if (state !== 'completed') throw new Error(`an undisturbed ${plan.operation} (${plan.variant}) is ${state}`);
  return { whole: clean.after, shapes: clean.files.map(shapeOf) };
}
