import type { Steps } from '../kernel/steps.js';
import type { KeptReport, ReportWish } from './contract.js';

/** A report that fails is ordered so many times before a person is asked. */
const ORDERS = 3;

/** The steps of making a report, in the order in which they begin. */
export const reportSteps = ['findReports', 'orderReport', 'awaitReport', 'keepReport', 'discardReport'] as const;

interface Making {
  cloud: string;
  tenantId: string;
  wish: ReportWish;
  /** How long one report may take, in words. */
  within: string;
}

/**
 * Has the cloud make a report, waits for it, and keeps its file. One that fails is ordered again, three times in all; then, and when it is not
 * there in time, a person is asked, and so for a file that is not whole. It is deleted in the cloud only when its file is kept, or when it failed.
 */
export async function makeReport(steps: Steps, { cloud, tenantId, wish, within }: Making): Promise<KeptReport> {
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
      await steps.runSkippable('discardReport', order, { summary: 'The report is kept elsewhere' });
      return doubtful.size === 0 ? report : { ...report, inDoubt: [...doubtful] };
    }
    await steps.runSkippable('discardReport', order, { summary: 'The report did not come about' });
    if (made === undefined) await steps.askPerson('awaitReport', reportId, `the report was not there after ${within}`);
    else if (nth % ORDERS === 0)
      await steps.askPerson('awaitReport', reportId, `the cloud failed to make the report ${nth} times`);
  }
}
