import type { OperationModel } from './index.js';

/** On the API client's own tenant, which is there; and on its partners, with their order numbers. */
export const produceReport: OperationModel = {
  variants: {
    'with SKUs': () => ({
      kind: 'usage_summary',
      level: 'direct_partners',
      period: { start: '2021-10-01', end: '2021-10-31' },
      showSkus: true,
    }),
  },
  prepare: () => undefined,
  leftWhenSkipped: { discardReport: 'reports in ' },
  // no two reports are in each other's way, and none is made before the day's usage is counted up
  waitsOut: { 'POST /reports': [400, 409] },
  ambiguous: 'orderReport',
};
