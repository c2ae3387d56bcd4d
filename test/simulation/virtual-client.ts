import { WorkflowFailedError, type Client } from '@temporalio/client';
import {
  CancelledFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  WorkflowNotFoundError,
} from '@temporalio/common';
import type { Closing } from './activations.js';
import { clientOf } from './client.js';
import type { Execution } from './execution.js';
import { payload, type Service } from './service.js';
import type { VirtualTime } from './virtual-time.js';

type Method = (...args: never[]) => Promise<unknown>;

/** A client for tests: virtual time passes while a test waits for one of its answers. */
export function virtualClient(service: Service, time: VirtualTime): Client {
  const plain = clientOf(service);
  const getHandle = (workflowId: string, runId?: string) => {
    const find = () => {
      const run = service.find(workflowId, runId);
      if (run === undefined) throw new WorkflowNotFoundError(`${workflowId} was not found`, workflowId, runId);
      return run;
    };
    return {
      workflowId,
      ...waiting(plain.workflow.getHandle(workflowId, runId) as never, time),
      query: async (name: string, ...args: object[]) => await time.until(find().query(name, args.map(payload))),
      terminate: async () => service.terminate(find()),
      result: async () => {
        const { runId: first } = find();
        const last = () => service.lastOf(first);
        await time.untilTrue(() => last().closing !== undefined);
        return resultOf(last());
      },
    };
  };
  const workflow = {
    ...waiting(plain.workflow as never, time),
    list: plain.workflow.list,
    getHandle,
    start: async (type: string, options: { workflowId: string; args: object[] }) => {
      const { firstExecutionRunId } = await plain.workflow.start(type, options as never);
      return { ...getHandle(options.workflowId), firstExecutionRunId };
    },
    signalWithStart: async (type: string, options: { workflowId: string }) => {
      await time.until(plain.workflow.signalWithStart(type, options as never));
      return getHandle(options.workflowId);
    },
  };
  const { workflowService, connection, options } = plain;
  const withDeadline: Client['withDeadline'] = async (at, act) => await plain.withDeadline(at, act);
  const withAbortSignal: Client['withAbortSignal'] = async (signal, act) => await plain.withAbortSignal(signal, act);
  return { workflow, workflowService, connection, options, withDeadline, withAbortSignal } as never;
}

/** The same methods; virtual time passes until their answers are there. */
function waiting(methods: Record<string, Method>, time: VirtualTime) {
  return Object.fromEntries(
    Object.entries(methods).map(([name, act]) => [name, async (...args: never[]) => await time.until(act(...args))]),
  );
}

function resultOf({ closing }: Execution): unknown {
  const { completeWorkflowExecution: completed, failWorkflowExecution: failed }: Closing = closing ?? {};
  if (completed) return completed.result ? defaultPayloadConverter.fromPayload(completed.result) : undefined;
  const cause = failed
    ? defaultFailureConverter.failureToError(failed.failure!, defaultPayloadConverter)
    : new CancelledFailure('it was cancelled');
  const how = failed ? 'failed' : 'cancelled';
  throw new WorkflowFailedError(`Workflow execution ${how}`, cause, 'NON_RETRYABLE_FAILURE');
}
