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
      const readings = readFacts?.(facts);
      if (readings !== undefined) return pack(readings);
      const message =
        'This worker has no TENANTRY_SOURCES and TENANTRY_PLANS: set both, or start a worker that has them';
      throw ApplicationFailure.retryable(message, FailureType.Internal);
    },
    /** The same for facts of which no plan names some item. Fails, to be tried again, until plans name all. */
    mapFactsOnceKnown: async (facts: readonly unknown[]): Promise<FactReadings> => {
      const readings = readFacts?.(facts);
      if (readings?.every(isKnown)) return pack(readings);
      throw ApplicationFailure.retryable('no plan names some of what is sold', FailureType.Internal);
    },
    /** The same for facts of sources that no worker knew. Fails, to be tried again, until this one knows one of them. */
    mapFactsOnceSourceIsKnown: async (facts: readonly unknown[]): Promise<FactReadings> => {
      const readings = readFacts?.(facts);
      if (readings?.some((one) => !isOfUnknownSource(one))) return pack(readings);
      throw ApplicationFailure.retryable('no source of them is in sources.json', FailureType.Internal);
    },
  };
}

function isOfUnknownSource(reading: FactReading): boolean {
  return 'refused' in reading && reading.mayBeKnownSoon === true;
}

function isKnown(reading: FactReading): boolean {
  return 'mapped' in reading && (reading.mapped.sold ?? []).every(({ plan, ignored }) => plan !== undefined || ignored);
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
