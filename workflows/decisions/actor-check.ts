import { CancellationScope, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { isProof, type ProofAnswer, type Proven, type Verified } from '../../contract/actors.js';
import type { DecisionRequest } from '../../contract/decisions.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { NO_PROOF, refuseDecision as refuse } from './refusals.js';

const { checkActor } = proxyLocalActivities<Activities>({ startToCloseTimeout: '10 seconds' });

const USED = 'the proof of the actor has counted already: send the decision again, by the HTTP API or the page';

interface Taking<Request> {
  choice: string;
  request: Proven<Request>;
  /** What the run waits for now. */
  about?: () => string | undefined;
  /** Refuses what makes no sense now: something else may have happened while the proof was checked. */
  validate: () => void;
}

/**
 * Verifies who decides for this run. A decision without a proof is taken at once, as of an actor whom nobody has
 * verified, so it adds nothing to the history.
 */
export class ActorCheck {
  private readonly used = new Set<string>();
  private underWay = 0;

  /** True while a proof is being checked, and its decision taken. */
  get isBusy(): boolean {
    return this.underWay > 0;
  }

  /** Takes a decision, once its proof fits if it has one. Refuses one whose proof does not fit, or counted before. */
  take<Request extends DecisionRequest, Answer>(
    taking: Taking<Request>,
    act: (request: Verified<Request>) => Answer | Promise<Answer>,
  ): Answer | Promise<Answer> {
    const { proof, ...rest } = taking.request;
    const request = rest as unknown as Request;
    // whatever the sender says of it
    if (proof === undefined) return act({ ...request, verified: false });
    return this.whileBusy(async () => {
      const about = taking.about?.();
      const answer = await this.ask({ ...taking, about });
      if ('refused' in answer) return refuse(answer.refused);
      taking.validate();
      if (taking.about?.() !== about) refuse('the run waits for something else by now: look at it, and decide again');
      return await act({ ...request, verified: answer.verified });
    });
  }

  /** Whether the proof of a request shows who its actor is; false without one, and where it does not fit. */
  async isVerified(choice: string, request: Proven<DecisionRequest>): Promise<boolean> {
    if (!isProof(request.proof)) return false;
    const answer = await this.ask({ choice, request });
    return 'verified' in answer && answer.verified;
  }

  private async ask({
    choice,
    request: { proof, ...request },
    about,
  }: {
    choice: string;
    request: Proven<DecisionRequest>;
    about?: string | undefined;
  }): Promise<ProofAnswer> {
    if (!isProof(proof)) return { refused: NO_PROOF };
    const { workflowId, runId } = workflowInfo();
    // of Temporal: the clocks of workers may differ
    const now = Date.now();
    const decision = { workflowId, runId, choice, request, about };
    const answer = await CancellationScope.nonCancellable(
      async () => await retryOnEviction(async () => await checkActor({ proof, decision, now })),
    );
    if (this.used.has(proof.nonce)) return { refused: USED };
    if ('verified' in answer) this.used.add(proof.nonce);
    return answer;
  }

  private async whileBusy<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    this.underWay += 1;
    try {
      return await act();
    } finally {
      this.underWay -= 1;
    }
  }
}

/**
 * What a workflow that continues as new has carried over. Anybody may start one with any memory: then nobody who is named
 * there counts as verified.
 */
export function withoutForgedMarks<Memory>(memory: Memory): Memory {
  if (workflowInfo().continuedFromExecutionRunId !== undefined || !memory) return memory;
  const clean = (name: string, value: unknown) => (name === 'verified' && value === true ? false : value);
  return JSON.parse(JSON.stringify(memory), clean) as Memory;
}
