import { ServiceError, isGrpcServiceError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import type { Choice } from '../contract/decisions.js';
import { contextOf } from '../vault/index.js';

/** gRPC's code for what is not found. */
const gone: readonly number[] = [5];
const AMEND: Choice = 'amend';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Reads a run; the same run again without a call. */
export type ReadRun = (run: WorkflowExecutionInfo) => ReturnType<typeof readRun>;

/** Reads each run once. */
export function readOnce(client: Client): ReadRun {
  const readings = new Map<string, ReturnType<typeof readRun>>();
  return async (run) => {
    const reading = readings.get(run.runId) ?? readRun(client, run);
    readings.set(run.runId, reading);
    return await reading;
  };
}

/** Reads the input of a run, its amended inputs, and its result; of a failed run the final status. */
async function readRun(
  client: Client,
  { workflowId, runId }: WorkflowExecutionInfo,
): Promise<{ inputs: unknown[]; result?: unknown }> {
  const { loadedDataConverter } = client.options;
  const context = contextOf(client, workflowId);
  const decode = (payloads: Payload[]) => decodeArrayFromPayloads(loadedDataConverter, payloads, context);
  try {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const amended = (events ?? []).flatMap(({ eventId, workflowExecutionUpdateAcceptedEventAttributes: accepted }) => {
      const request = accepted?.acceptedRequest?.input;
      const taken = (events ?? []).some(({ workflowExecutionUpdateCompletedEventAttributes: answer }) =>
        answer?.outcome?.success ? String(answer.acceptedEventId) === String(eventId) : false,
      );
      return request?.name === AMEND && taken ? (request.args?.payloads ?? []) : [];
    });
    const first = await decode(started);
    const later = await decode(amended);
    const [result] = await decode(endOf(events?.at(-1))).catch(() => []);
    return { inputs: [...first, ...later.map((request) => (request as { input?: unknown } | null)?.input)], result };
  } catch (error) {
    // a slow Temporal says nothing about the run
    if (isTemporalError(error) && !(isGrpcServiceError(error) && gone.includes(error.code))) throw error;
    // the run is archived, or encrypted with keys that this worker does not have
    return { inputs: [] };
  }
}

function endOf(last: HistoryEvent | undefined): Payload[] {
  const failure = last?.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo?.details;
  return (last?.workflowExecutionCompletedEventAttributes?.result ?? failure)?.payloads ?? [];
}

/** True for an error of the Temporal service. */
export function isTemporalError(error: unknown): boolean {
  return isGrpcServiceError(error) || error instanceof ServiceError;
}
