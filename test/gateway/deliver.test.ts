import { expect, test } from '@jest/globals';
import { ServiceError, type Client } from '@temporalio/client';
import { deliverBy } from '../../gateway/deliver.js';

const refusing = (details: string, code: number): Client => {
  const cause = Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
  const signalWithStart = async () => {
    throw new ServiceError('Failed to signalWithStart Workflow', { cause });
  };
  return {
    workflow: { signalWithStart },
    withDeadline: async (_deadline: number, act: () => Promise<unknown>) => await act(),
  } as unknown as Client;
};
const deliver = (client: Client) => deliverBy(client, 'tenantry')({ ref: 'C-1', facts: [] }, Date.now() + 1000);

test('a customer that can take no more signals for now takes them later: the sender must send again', async () => {
  const full = refusing('exceeded workflow execution limit for signal events', 3);
  await expect(deliver(full)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a namespace that fails over takes the event later', async () => {
  const passive = refusing('Namespace is not active in this cluster', 9);
  await expect(deliver(passive)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('what Temporal refuses for good is refused', async () => {
  await expect(deliver(refusing('the workflow id is too long', 3))).rejects.toMatchObject({ kind: 'refused' });
});
