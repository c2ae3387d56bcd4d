import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { PRODUCE_REPORT, produceReportAmendable, produceReportSteps } from './contract.js';
import type { ProducedReport, ProduceReportOrder, ProduceReportResult } from './contract.js';
import { makeReport } from './make-report.js';

/** Keeps the file of a usage report, and leaves nothing of it in the cloud. It takes no turn: a report changes no tenant. */
export async function produceReport(input: unknown): Promise<ProduceReportResult> {
  return await runOperation(producingReport, input);
}

export const producingReport: Operation<ProduceReportOrder, ProducedReport> = {
  name: PRODUCE_REPORT,
  steps: () => produceReportSteps,
  amendable: produceReportAmendable,
  story,
};

async function story({ order, cloud, run }: Begun<ProduceReportOrder>): Promise<ProducedReport> {
  const { tenant, kind, level, period, format, hideZeroUsage, showSkus, within } = order;
  const wish = { kind, level, ...(period && { period }), format, hideZeroUsage, showSkus };
  const of = { cloud, tenant, kind, level };
  const { tenantId } = await run.look('findReportTenant', of, { summary: 'Whom is the report on?' });
  run.know({ tenantId });
  const report = await makeReport(run, { cloud, tenantId, wish, within });
  return { tenantId, report };
}
