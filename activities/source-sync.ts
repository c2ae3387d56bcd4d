import { Context } from '@temporalio/activity';
import { byCustomer } from '../catalogue/event-signals.js';
import { externalRef } from '../contract/search-attributes.js';
import {
  SYNC_SOURCE,
  type PageReport,
  type PageSpec,
  type SyncInput,
  type SyncResult,
} from '../contract/source-sync.js';
import { listRuns } from '../vault/list-runs.js';
import { escapeQuotes } from './earlier-runs.js';
import { beating, deliverAll, noSources, toFailure, type TruthDependencies } from './truth.js';

const MOST_EXAMPLES = 3;

/** How a source is listed. All only read at the sender, and fail, to be tried again, while it does not answer. */
export function createSourceSyncActivities({ readAccount, readPage }: TruthDependencies) {
  return {
    /** The result of the last completed listing of a source; null when Temporal keeps none. */
    findLastSync: async ({ source }: Pick<SyncInput, 'source'>): Promise<SyncResult | null> => await lastSync(source),
    /** What the key of a source belongs to; null where it does not say. */
    readSourceAccount: async ({ source }: Pick<SyncInput, 'source'>): Promise<string | null> =>
      await beating(async ({ cancellationSignal }) => {
        if (readAccount === undefined) throw noSources();
        return (await readAccount(source, cancellationSignal).catch(toFailure)) ?? null;
      }),
    /**
     * Reads one page of everything that a source has sold, and signals it to the customers. Safe to repeat: facts say how
     * things are.
     */
    deliverPage: async (page: PageSpec): Promise<PageReport> =>
      await beating(async ({ client, cancellationSignal, info }) => {
        if (readPage === undefined) throw noSources();
        const {
          facts,
          cloud,
          notices,
          ignored: _,
          ...report
        } = await readPage(page, cancellationSignal).catch(toFailure);
        await deliverAll(client, byCustomer(facts, cloud), info.taskQueue);
        const examples = notices.slice(0, MOST_EXAMPLES);
        return { ...report, delivered: facts.length, unusable: notices.length, examples };
      }),
  };
}

async function lastSync(source: string): Promise<SyncResult | null> {
  const { client } = Context.current();
  const name = escapeQuotes(source);
  const query = `WorkflowType = '${SYNC_SOURCE}' AND ${externalRef.name} = '${name}' AND ExecutionStatus = 'Completed'`;
  // the newest comes first
  for await (const { workflowId, runId } of listRuns(client, query))
    return (await client.workflow.getHandle(workflowId, runId).result()) as SyncResult;
  return null;
}
