import type { Client } from '@temporalio/client';

/** The input with which a run was started, out of the first event of its history. */
export async function firstInput(client: Client, workflowId: string, runId: string): Promise<unknown> {
  const { history } = await client.connection.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload === undefined) return undefined;
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let [decoded] = [payload];
  for (const codec of payloadCodecs.toReversed()) [decoded = payload] = await codec.decode([decoded]);
  return payloadConverter.fromPayload(decoded);
}
