import { ApplicationFailure } from '@temporalio/common';
import type { FactReading } from '../contract/customers.js';
import { FailureType } from '../contract/failures.js';

export interface FactDependencies {
  /** Reads facts by the files of this worker; absent when it has none. */
  readFacts?: (facts: readonly unknown[]) => FactReading[];
}

export function createFactActivities({ readFacts }: FactDependencies) {
  return {
    /**
     * Says what facts mean by `sources.json` and `plans.json`: one reading for each, in order. Changes nothing. Fails on
     * a worker without these files, so that another one reads them.
     */
    mapFacts: async (facts: readonly unknown[]): Promise<FactReading[]> => {
      if (readFacts !== undefined) return readFacts(facts);
      const message =
        'This worker has no TENANTRY_SOURCES and TENANTRY_PLANS: set both, or start a worker that has them';
      throw ApplicationFailure.retryable(message, FailureType.Internal);
    },
  };
}
