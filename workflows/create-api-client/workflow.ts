import { runOperation, type Begun, type Operation } from '../shared/operation.js';
import { takeTarget } from '../shared/target.js';
import { CREATE_API_CLIENT, createApiClientAmendable, createApiClientSteps } from './contract.js';
import type { CreateApiClientOrder, CreateApiClientResult, CreatedApiClient } from './contract.js';

/** Makes sure that a tenant has an API client whose secret is kept, or leaves none behind. */
export async function createApiClient(input: unknown): Promise<CreateApiClientResult> {
  return await runOperation(creatingApiClient, input);
}

export const creatingApiClient: Operation<CreateApiClientOrder, CreatedApiClient> = {
  name: CREATE_API_CLIENT,
  steps: createApiClientSteps,
  amendable: createApiClientAmendable,
  story,
};

async function story({ order, cloud, run }: Begun<CreateApiClientOrder>): Promise<CreatedApiClient> {
  const { name, login, secret, originId, rotate } = order;
  await run.look('checkSafe', { cloud }, { summary: 'Can the secret be kept?' });
  const { tenantId } = await takeTarget(run, { cloud, tenant: order.tenant });
  const { found } = await run.look('findApiClients', { cloud, originId }, { summary: `Is there ${name}?` });
  const { clientId } = await run.step(
    'ensureApiClient',
    { cloud, tenantId, name, originId, secret, rotate, ...(login && { login }) },
    // one that was there before is not ours to take away, nor is its successor
    { summary: name, ...(found > 0 ? {} : { undo: ['removeApiClients', { cloud, originId }] as const }) },
  );
  return { tenantId, clientId, secretRef: `store:${secret}` };
}
