import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { CREATE_API_CLIENT, createApiClientAmendable, createApiClientSteps } from './contract.js';
import type { CreateApiClientOrder, CreateApiClientResult, CreatedApiClient } from './contract.js';

/** Makes sure that a tenant has an API client whose secret is kept, or leaves the one that it had before, or none. */
export async function createApiClient(input: unknown): Promise<CreateApiClientResult> {
  return await runOperation(creatingApiClient, input);
}

export const creatingApiClient: Operation<CreateApiClientOrder, CreatedApiClient> = {
  name: CREATE_API_CLIENT,
  steps: createApiClientSteps,
  amendable: createApiClientAmendable,
  story,
};

async function story({ order, cloud, mark, reset, run }: Begun<CreateApiClientOrder>): Promise<CreatedApiClient> {
  const { name, login, secret, originId, rotate } = order;
  const secretRef = `store:${secret}`;
  await run.look('checkSafe', { cloud }, { summary: 'Can the secret be kept?' });
  const { tenantId } = await takeTarget(run, { cloud, tenant: order.tenant });
  const origin = { cloud, originId, secret };
  const before = await run.look('findApiClients', { ...origin, rotate }, { summary: `Is there ${name}?` });
  if (before.usable !== undefined) {
    run.found('ensureApiClient');
    return { tenantId, clientId: before.usable, secretRef };
  }
  const { known, enabled } = before;
  if (rotate) {
    const kept = { cloud, secret };
    await run.step('setSecretAside', kept, {
      summary: `Kept as ${secret}.previous`,
      undo: ['bringSecretBack', { ...kept, came: null }],
    });
  }
  const place = { ...origin, mark, known };
  const spec = { ...place, tenantId, name, look: reset === true, ...(login && { login }) };
  const made = await run.step('ensureApiClient', spec, {
    summary: name,
    undo: ['removeApiClients', { ...place, came: null }],
  });
  if (rotate && enabled.length === 0) run.found('disableApiClients');
  else if (rotate) {
    const old = { cloud, originId, clientIds: enabled };
    await run.step('disableApiClients', old, {
      summary: `In place of ${enabled.join(', ')}`,
      undo: ['enableApiClients', { ...old, came: null }],
    });
  }
  return { tenantId, secretRef, ...made };
}
