import { asyncProperty, check } from 'fast-check';
import { bundlePath } from '../../worker/bundle.js';
import { anyPlan } from './plan-arbitrary.js';
import { findProblems } from './find-problems.js';
import { expectedEnds } from './expected-ends.js';
import type { Plan } from './plan.js';
import { activityNames, simulate } from './simulate.js';
import { openSandbox } from './vm.js';

export interface ChaosOptions {
  runs: number;
  seed: number;
}

/** The results of many plans. */
export interface ChaosReport {
  seed: number;
  runs: number;
  /** How many runs ended in which state. */
  ends: Record<string, number>;
  /** The smallest plan that still fails, and what is wrong with its run. */
  failure?: { plan: Plan; problems: string };
}

/** Simulates random plans, the same for the same seed. If a plan fails, it finds the smallest one that still fails. */
export async function runChaos({ runs, seed }: ChaosOptions, tell: () => void): Promise<ChaosReport> {
  const trial = planChecker();
  const ends: Record<string, number> = {};
  const property = asyncProperty(anyPlan(), async (plan) => {
    const { state, problems } = await trial(plan);
    ends[state] = (ends[state] ?? 0) + 1;
    tell();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  const { failed, counterexample, errorInstance, numRuns } = await check(property, { seed, numRuns: runs });
  if (!failed) return { seed, runs: numRuns, ends };
  return {
    seed,
    runs: numRuns,
    ends,
    failure: { plan: counterexample![0], problems: (errorInstance as Error).message },
  };
}

/** Gives a function that simulates a plan and reports the problems of its run. */
export function planChecker() {
  const sandbox = openSandbox(bundlePath, activityNames());
  const measure = expectedEnds(sandbox);
  return async (plan: Plan): Promise<{ state: string; problems: string[] }> => {
    try {
      const played = await simulate(sandbox, plan);
      return { state: played.status.state, problems: await findProblems(played, measure) };
    } catch (error) {
      return { state: 'stalled', problems: [String((error as Error).stack)] };
    }
  };
}
