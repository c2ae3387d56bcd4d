import { readPlans } from '../../sales-plans/plans-file.js';
import { readSources } from '../../sources/sources-file.js';
import { FactReader } from '../../worker/fact-reader.js';

const plans = readPlans({
  plans: {
    desktop: {
      offeringItems: ['workstations'],
      quotas: { workstations: { perUnit: 1 } },
      sold: { shop: ['price_desktop'] },
      rules: { pastDue: [{ after: '1 second', do: 'suspend' }] },
    },
  },
});
const sources = readSources({ shop: { kind: 'stripe', secrets: ['file:signing'] } });
if ('problems' in plans || 'problems' in sources) throw new Error('the files of the tests cannot be used');
const reader = new FactReader({ current: sources.sources } as never, { current: plans } as never);

/** Reads facts of the source `shop`, which sells the plan `desktop` as `price_desktop`. */
export const readFacts = (facts: readonly unknown[]) => reader.read(facts);
