import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import type { OfferedTerms, PlanVersion } from '../contract/plan-changes.js';
import type { PlanTerms } from '../contract/sales-plans.js';

export interface PlanTermsDependencies {
  /** What a plan of a source means by the files of this worker; absent when it has none. */
  readTerms?: (of: Pick<PlanVersion, 'source' | 'plan'>) => PlanTerms | undefined;
}

export function createPlanTermsActivities({ readTerms }: PlanTermsDependencies) {
  return {
    /**
     * The terms of these versions of plans, in order. Changes nothing. Fails, to be tried again, on a worker whose files
     * have another version of one of them: an older file never wins over the one that a person has seen.
     */
    readPlanTerms: async (versions: readonly PlanVersion[]): Promise<OfferedTerms[]> => {
      const offered = versions.map(({ source, plan, digest }) => ({
        source,
        digest,
        plan,
        terms: readTerms?.({ source, plan }),
      }));
      const others = offered.filter(({ terms, digest }) => terms?.digest !== digest);
      if (others.length === 0) return offered.map(({ source, terms }) => ({ source, terms: terms! }));
      const names = others.map(({ source, plan }) => `${plan} of ${source}`).join(', ');
      const message =
        `no worker has the version that was shown of the plan ${names}: ` +
        'give all workers the same plans.json and sources.json';
      throw ApplicationFailure.retryable(message, FailureType.Internal);
    },
  };
}
