import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { AGREE_TO_END, type EndAnswer, type EndQuestion } from '../contract/customer-agreement.js';
import { FailureType } from '../contract/failures.js';

/** What a run asks the customer that has started it. */
export function createCustomerAgreementActivities() {
  return {
    /**
     * Ends once the customer agrees that its tenant is deleted now. Until then it fails, to be tried again; also while
     * the customer is not open, since then nobody has confirmed the end. Changes nothing. Safe to repeat.
     */
    agreeToEnd: async ({ customer, ...question }: EndQuestion & { customer: string }): Promise<void> => {
      const handle = Context.current().client.workflow.getHandle(customer);
      const answer = await handle.executeUpdate<EndAnswer, [EndQuestion]>(AGREE_TO_END, { args: [question] });
      if ('waits' in answer) throw ApplicationFailure.create({ type: FailureType.NotReady, message: answer.waits });
    },
  };
}
