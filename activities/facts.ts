import { ApplicationFailure } from '@temporalio/common';
import type { FactReading, FactReadings, MappedItem, PackedItem } from '../contract/customers.js';
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
    mapFacts: async (facts: readonly unknown[]): Promise<FactReadings> => {
      if (readFacts !== undefined) return pack(readFacts(facts));
      const message =
        'This worker has no TENANTRY_SOURCES and TENANTRY_PLANS: set both, or start a worker that has them';
      throw ApplicationFailure.retryable(message, FailureType.Internal);
    },
  };
}

function pack(readings: FactReading[]): FactReadings {
  const plans: FactReadings['plans'] = {};
  const packItem = ({ plan, ...item }: MappedItem): PackedItem => {
    if (plan === undefined) return item;
    plans[plan.digest] = plan;
    return { ...item, digest: plan.digest };
  };
  const packed = readings.map((reading): FactReadings['readings'][number] => {
    if ('refused' in reading) return reading;
    const { sold, ...fact } = reading.mapped;
    return { mapped: { ...fact, ...(sold && { sold: sold.map(packItem) }) } };
  });
  return { readings: packed, plans };
}
