import type { Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CompletedCall } from '../acronis/index.js';

/** The run and the step of an attempt. */
export interface AttemptId {
  workflowId: string;
  runId: string;
  step: string;
  attempt: number;
  cloud: string;
}

/** How an attempt ended. It has no secret or personal part of an error: the vendor's words may name people. */
export interface AttemptReport extends AttemptId {
  outcome: 'done' | 'adopted' | 'again' | 'failed' | 'cancelled';
  /** The failure type of an attempt that did not succeed. */
  type?: string;
  /** From the answer of the vendor that decided. */
  status?: number;
  code?: string | number;
  requestId?: string;
  /** Milliseconds. */
  duration: number;
}

/** Gets every call and every end of an attempt, for logs and metrics. Must not throw. */
export interface Observer {
  called(call: CompletedCall, whose: AttemptId): void;
  ended(report: AttemptReport): void;
}

/** Reports one attempt to the observer, if there is one. */
export function observeAttempt(observer: Observer | undefined, info: Info, cloud: string) {
  const { workflowExecution, activityType, attempt } = info;
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const whose: AttemptId = { workflowId, runId, step: activityType, attempt, cloud };
  const began = performance.now();
  const duration = () => Math.round(performance.now() - began);
  let requestId: string | undefined;
  return {
    called(call: CompletedCall): void {
      ({ requestId } = call);
      observer?.called(call, whose);
    },
    succeeded(adopted: boolean): void {
      const answer = requestId === undefined ? {} : { requestId };
      observer?.ended({ ...whose, outcome: adopted ? 'adopted' : 'done', ...answer, duration: duration() });
    },
    failed(failure: unknown): void {
      observer?.ended({ ...whose, ...failureFacts(failure), duration: duration() });
    },
  };
}

type FailureFacts = Pick<AttemptReport, 'outcome' | 'type' | 'status' | 'code' | 'requestId'>;

function failureFacts(failure: unknown): FailureFacts {
  if (!(failure instanceof ApplicationFailure)) return { outcome: 'cancelled' };
  const { status, code, requestId } = (failure.details?.[0] ?? {}) as Partial<FailureFacts>;
  return {
    outcome: failure.nonRetryable ? 'failed' : 'again',
    ...(failure.type ? { type: failure.type } : {}),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
