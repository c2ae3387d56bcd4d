import { describe, expect, test } from '@jest/globals';
import { ServiceError, type Client } from '@temporalio/client';
import { startOperation } from '../../client/operations.js';
import { explainServiceError } from '../../client/service-errors.js';
import { anOrder } from '../support/orders.js';

/** An error as gRPC throws it. */
function answer(code: number, details: string): Error {
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata: {} });
}

const hidden = (code: number, details: string) =>
  new ServiceError('Failed to start Workflow', { cause: answer(code, details) });

describe('an error of Temporal says its cause', () => {
  test.each<[code: number, details: string, kind: string, message: string]>([
    [3, 'Blob data size exceeds limit.', 'refused', 'Temporal refuses to start the run: Blob data size exceeds limit.'],
    [8, 'grpc: received message larger than max (5 vs. 4)', 'refused', 'message larger than max (5 vs. 4).'],
    [
      8,
      'namespace rate limit exceeded',
      'unavailable',
      'Temporal could not start the run: namespace rate limit exceeded.',
    ],
    [14, 'database or disk is full (13)', 'unavailable', 'could not start the run: database or disk is full (13).'],
    [9, 'Namespace is not active in this cluster.', 'unavailable', 'could not start the run: Namespace is not active'],
    [7, 'Request unauthorized.', 'unavailable', 'could not start the run: Request unauthorized.'],
  ])('%i %s', (code, details, kind, message) => {
    for (const error of [hidden(code, details), answer(code, details)]) {
      const explained = explainServiceError('start the run', error);
      expect(explained).toMatchObject({ kind, message: expect.stringContaining(message) });
      expect(explained?.message).not.toContain('Failed to');
    }
  });

  test('when a run is started', async () => {
    const start = async () => await Promise.reject(hidden(14, 'database or disk is full (13)'));
    const workflowService = { describeTaskQueue: async () => ({ pollers: [] }) };
    const options = { namespace: 'default', loadedDataConverter: { payloadCodecs: [] } };
    const client = {
      workflow: { start },
      connection: { workflowService },
      workflowService,
      options,
    } as unknown as Client;

    await expect(
      startOperation(client, { operation: 'provisionCustomer', input: anOrder(), taskQueue: 'tenantry' }),
    ).rejects.toMatchObject({
      name: 'TenantryError',
      message: 'Temporal could not start the run: database or disk is full (13).',
    });
  });

  test('other errors are left as they are', () => {
    expect(explainServiceError('start the run', new Error('a bug'))).toBeUndefined();
    expect(explainServiceError('start the run', undefined)).toBeUndefined();
  });
});
