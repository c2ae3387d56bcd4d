import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeFirst } from './codec.js';

/** What was told to a run: its input, then its signals, in order. */
export interface RunMessages {
  input: unknown;
  signals: readonly { name: string; value: unknown }[];
  startedAtMs: number;
  open: boolean;
}

/** Reads what was told to the newest run with this id; undefined when there is none. No worker is needed. */
export async function messagesOfRun(client: Client, workflowId: string): Promise<RunMessages | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status, startTime } = await handle.describe();
    const { events = [] } = await handle.fetchHistory();
    const decode = async (payloads: Payload[] | null | undefined) => await decodeFirst(client, workflowId, payloads);
    const signals: { name: string; value: unknown }[] = [];
    for (const { workflowExecutionSignaledEventAttributes: signal } of events ?? [])
      if (signal) signals.push({ name: signal.signalName ?? '', value: await decode(signal.input?.payloads) });
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    return {
      input: await decode(started?.input?.payloads),
      signals,
      startedAtMs: startTime.getTime(),
      open: status.name === 'RUNNING',
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
