import type { Plan } from './plan.js';
import { simulate, type SimulatedRun } from './simulate.js';
import type { Sandbox } from './vm.js';

/** What is kept of a simulated run. */
export type SeenRun = Pick<SimulatedRun, 'trace' | 'before' | 'after' | 'status'>;

/** Simulates plans. The same plan has the same end, so each is simulated once for all tests of a file. */
export function simulatorOf(sandbox: Sandbox): (plan: Plan) => Promise<SeenRun> {
  const seen = new Map<string, Promise<SeenRun>>();
  const play = async (plan: Plan): Promise<SeenRun> => {
    const { trace, before, after, status } = await simulate(sandbox, plan);
    return { trace, before, after, status };
  };
  return async (plan) => {
    const text = JSON.stringify(plan);
    if (!seen.has(text)) seen.set(text, play(plan));
    return await seen.get(text)!;
  };
}
