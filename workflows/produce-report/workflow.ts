import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { checkArtefactStore, storeSteps } from '../parts/references.js';
import { PRODUCE_REPORT, type ProducedReport, type ProduceReportOrder } from './contract.js';
import { makeReport, reportSteps } from './make-report.js';

/**
 * Stores the file of a usage report and removes the report from the cloud. It takes no turn: a report changes no
 * tenant.
 */
export const produceReport = operation<ProduceReportOrder, ProducedReport>({
  name: PRODUCE_REPORT,
  steps: (_order, revision) => ['findReportTenant', ...storeSteps(revision), ...reportSteps],
  amendable: {
    kind: ['orderReport'],
    level: ['orderReport'],
    period: ['orderReport'],
    format: ['orderReport'],
    hideZeroUsage: ['orderReport'],
    showSkus: ['orderReport'],
    within: ['awaitReport'],
    ...everyAmendable,
  },

  async run({ order, cloud, revision, steps }) {
    const { tenant, kind, level, period, format, hideZeroUsage, showSkus, within } = order;
    const wish = { kind, level, ...(period && { period }), format, hideZeroUsage, showSkus };
    const of = { cloud, tenant, kind, level };
    const [{ tenantId }] = await steps.allSettled(
      steps.lookUp('findReportTenant', of, { summary: 'Which tenant is the report about?' }),
      checkArtefactStore(steps, { cloud, revision }),
    );
    steps.setFacts({ tenantId });
    const report = await makeReport(steps, { cloud, tenantId, wish, within });
    return { tenantId, report };
  },
});
