import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { FailureType } from '../../contract/failures.js';
import type { Answered, LookUpPage, LookUpQuestion, PlanQuestion } from '../../contract/questions.js';

/** A person waits for the answer. A dead worker is noticed early enough for another one to answer. */
const { answerPlan, answerLookUp } = proxyActivities<Activities>({
  startToCloseTimeout: '25 seconds',
  scheduleToCloseTimeout: '28 seconds',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
});

/**
 * Answers what an operation would do, for a program that has no credentials of a cloud. Changes nothing. Whoever asks
 * deletes the run with its question and its answer.
 */
export async function planOperation(question: PlanQuestion | undefined): Promise<Answered<unknown>> {
  if (typeof question?.operation !== 'string') throw refuse('operation: must name an operation');
  return await answerPlan({ operation: question.operation, input: question.input });
}

/** Answers one page of a look-up, in the same way. Changes nothing. */
export async function lookUp(question: LookUpQuestion | undefined): Promise<Answered<LookUpPage>> {
  const { lookUp: name, query } = question ?? ({} as Partial<LookUpQuestion>);
  if (typeof name !== 'string') throw refuse('lookUp: must name a look-up');
  if (typeof query !== 'object' || query === null) throw refuse('query: must be an object of texts');
  return await answerLookUp({ lookUp: name, query });
}

function refuse(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FailureType.InvalidInput);
}
