import { possibleReports } from '../parts/possible-doubles.js';
import type { Steps } from '../kernel/steps.js';
import type { KeptReport, ReportWish } from './contract.js';

/** How many times a failed report is ordered before a person is asked. */
const ORDERS = 3;

/** The steps that produce a report, in order. */
export const reportSteps = ['findReports', 'orderReport', 'awaitReport', 'keepReport', 'discardReport'] as const;

interface ReportRequest {
  cloud: string;
  tenantId: string;
  wish: ReportWish;
  /** How long one report may take, in words. */
  within: string;
}

/**
 * Orders a report, waits for it, and stores its file. A failed report is ordered again, three times in all. After that,
 * or when it is late or its file is incomplete, a person is asked. The report in the cloud is deleted after its file is
 * stored, or after it failed.
 */
export async function makeReport(steps: Steps, { cloud, tenantId, wish, within }: ReportRequest): Promise<KeptReport> {
  const { kind } = wish;
  const { ids } = await steps.lookUp('findReports', { cloud, tenantId }, { summary: 'Which reports are there?' });
  const known = [...ids];
  const doubtful = new Set<string>();
  for (let nth = 1; ; nth += 1) {
    const { reportId, inDoubt = [] } = await steps.run(
      'orderReport',
      { cloud, tenantId, wish, known: [...known], look: false },
      {
        summary: `${kind}, number ${nth}`,
        undo: ['removeReport', { cloud, tenantId, wish, known: [...ids], came: null }],
      },
    );
    known.push(reportId);
    for (const id of inDoubt) doubtful.add(id);
    const order = { cloud, tenantId, reportId };
    const made = await steps.poll('awaitReport', { cloud, reportId, format: wish.format }, { summary: kind, within });
    if (made?.state === 'saved') {
      const { storedId, size } = made;
      const report = await steps.run('keepReport', { ...order, storedId, size, wish }, { summary: `Keep ${kind}` });
      await steps.runSkippable('discardReport', order, { summary: 'The file is stored' });
      if (doubtful.size === 0) return report;
      steps.setFacts({ leftovers: [possibleReports(tenantId, [...doubtful])] });
      return { ...report, inDoubt: [...doubtful] };
    }
    await steps.runSkippable('discardReport', order, { summary: 'The report failed or is late' });
    if (made === undefined) await steps.askPerson('awaitReport', reportId, `the report was not there after ${within}`);
    else if (nth % ORDERS === 0)
      await steps.askPerson('awaitReport', reportId, `the cloud failed to make the report ${nth} times`);
  }
}
