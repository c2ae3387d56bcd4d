import type { Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CompletedCall } from '../acronis/index.js';

/** Whose attempt it was. */
export interface Whose {
  workflowId: string;
  runId: string;
  step: string;
  attempt: number;
  cloud: string;
}

/** How an attempt ended; of an error only what is neither secret nor personal: the vendor's words may name people. */
export interface AttemptReport extends Whose {
  outcome: 'done' | 'adopted' | 'again' | 'failed' | 'cancelled';
  /** Failure type of an attempt that did not succeed. */
  type?: string;
  /** Of the vendor's answer that decided. */
  status?: number;
  code?: string | number;
  requestId?: string;
  /** Milliseconds. */
  duration: number;
}

/** Is told what the activities do: for logs and metrics. Must not throw. */
export interface Observer {
  called(call: CompletedCall, whose: Whose): void;
  ended(report: AttemptReport): void;
}

/** Tells an observer, if there is one, of one attempt from its beginning on. */
export function tell(observer: Observer | undefined, info: Info, cloud: string) {
  const { workflowExecution, activityType, attempt } = info;
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const whose: Whose = { workflowId, runId, step: activityType, attempt, cloud };
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
