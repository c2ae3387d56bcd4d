import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { InputAmended } from '../decisions/amendments.js';
import { describeFailure } from './describe-failure.js';

/** Waits until all have ended, even if one fails, then reports all failures. So an undo never runs beside its step. */
export async function allSettled<T extends readonly unknown[]>(
  ...branches: { [K in keyof T]: Promise<T[K]> | T[K] }
): Promise<T> {
  const ended = await Promise.allSettled(branches);
  const errors = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (errors.length === 0) return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as unknown as T;
  throw pickWorst(errors);
}

/** By severity: a bug, a cancellation, failures, an amendment. The last counts only if there is nothing else. */
function pickWorst(errors: unknown[]): unknown {
  const failures = [...new Set(errors)].filter((error) => !(error instanceof InputAmended));
  const bug = failures.find((error) => !isCancellation(error) && describeFailure(error).bug);
  const grave = bug ?? failures.find(isCancellation);
  if (grave !== undefined) return grave;
  return failures.length > 1 ? combine(failures) : (failures[0] ?? errors[0]);
}

function combine(errors: unknown[]): ApplicationFailure {
  const all = errors.map(describeFailure);
  return ApplicationFailure.create({
    type: all[0]!.type,
    nonRetryable: true,
    message: all.map(({ message }) => message).join('; '),
    details: [{ attempts: 1, apiCalls: 0, step: all[0]!.step }],
    ...(errors[0] instanceof ActivityFailure ? { cause: errors[0] } : {}),
  });
}
