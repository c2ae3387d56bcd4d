import type { Client } from '@temporalio/client';
import { askWorker } from '../../../client/ask-worker.js';
import { RunTenants } from '../../../client/tree/run-tenants.js';
import { TenantPlaces, type AskPath } from '../../../client/tree/tenant-places.js';
import { DEFAULT_CLOUD } from '../../../contract/ids.js';
import { LOOK_UP, type LookUpPage } from '../../../contract/questions.js';
import { QuestionsUnderWay } from '../questions-under-way.js';
import type { TreeParts } from './part-of-tree.js';

/** How a gateway knows where tenants lie: a worker says it, because the gateway has no credentials of a cloud. */
export function treeParts(
  client: Client,
  taskQueue: string,
  now?: () => number,
): Pick<TreeParts, 'places' | 'runTenants'> {
  const underWay = new QuestionsUnderWay();
  const ask: AskPath = async (query) => {
    // many may wait for one answer, so nobody who leaves ends it
    const { signal } = new AbortController();
    const name = 'What a key sees that is limited to a part of the tenant tree';
    const asking = { type: LOOK_UP, question: { lookUp: 'path', query }, taskQueue, name, signal };
    return await underWay.ask(query['cloud'] ?? DEFAULT_CLOUD, async () => await askWorker<LookUpPage>(client, asking));
  };
  return { places: new TenantPlaces(ask, now), runTenants: new RunTenants(client, now) };
}
