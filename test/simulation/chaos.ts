import { asyncProperty, check, type Arbitrary } from 'fast-check';
import { bundlePath } from '../../worker/bundle.js';
import { anyCustomersPlan } from './customers/plan-arbitrary.js';
import { playCustomers } from './customers/play.js';
import type { CustomersPlan } from './customers/plan.js';
import { anyPlan } from './plan-arbitrary.js';
import { findProblems } from './find-problems.js';
import { expectedEnds } from './expected-ends.js';
import type { Plan } from './plan.js';
import { activityNames, simulate } from './simulate.js';
import { openSandbox } from './vm.js';

export interface ChaosOptions {
  runs: number;
  seed: number;
  /** Plays the lives of customers instead of single operations. */
  customers?: boolean | undefined;
}

/** What happens to one run of an operation, or to customers for months. */
export type ChaosPlan = Plan | CustomersPlan;

/** The results of many plans. */
export interface ChaosReport {
  seed: number;
  runs: number;
  /** How many runs or customers ended in which state. */
  ends: Record<string, number>;
  /** The smallest plan that still fails, and what is wrong with its run. */
  failure?: { plan: ChaosPlan; problems: string };
}

/** Simulates random plans, the same for the same seed. If a plan fails, it finds the smallest one that still fails. */
export async function runChaos(
  { runs, seed, customers = false }: ChaosOptions,
  tell: () => void,
): Promise<ChaosReport> {
  const trial = planChecker();
  const ends: Record<string, number> = {};
  const any: Arbitrary<ChaosPlan> = customers ? anyCustomersPlan() : anyPlan();
  const property = asyncProperty(any, async (plan) => {
    const { states, problems } = await trial(plan);
    for (const state of states) ends[state] = (ends[state] ?? 0) + 1;
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

/** Gives a function that simulates a plan and reports its problems. */
export function planChecker() {
  const sandbox = openSandbox(bundlePath, activityNames());
  const measure = expectedEnds(sandbox);
  return async (plan: ChaosPlan): Promise<{ states: string[]; problems: string[] }> => {
    try {
      if ('happenings' in plan) return await playCustomers(sandbox, plan);
      const played = await simulate(sandbox, plan);
      return { states: [played.status.state], problems: await findProblems(played, measure) };
    } catch (error) {
      return { states: ['stalled'], problems: [String((error as Error).stack)] };
    }
  };
}
