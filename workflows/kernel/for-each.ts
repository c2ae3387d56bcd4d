import type { MemberOutcome } from '../../contract/steps.js';
import { CancellationScope, CancelledFailure, executeChild, isCancellation, uuid4 } from '@temporalio/workflow';
import type { StepResult } from '../../contract/steps.js';
import { describeFailure } from './describe-failure.js';
import { short } from './activity-calls.js';
import { acronisTenantId } from '../../contract/search-attributes.js';
import type { Leftover } from '../../contract/status.js';

/** One of many tenants for which the same is to be done. */
export interface Member {
  tenantId: string;
  name: string;
}

export interface Many {
  /** The workflow type that does it for one of them. */
  by: string;
  members: readonly Member[];
  atOnce: number;
  /** Why it is not taken back. */
  stays: string;
}

/**
 * Has it done for each of many by a run of its own, so many at once. The one that asks has 3 events of each, and up to 9 with its own workflow
 * tasks, so who finds the members keeps them to 3,000. Whatever becomes of one stops no other. Once cancelled it begins no other, waits for those that have begun, and names through `leave` what they have left.
 */
export async function forEach(
  { by, members, atOnce, stays }: Many,
  leave: (leftovers: Leftover[]) => void,
): Promise<StepResult<MemberOutcome[]>> {
  const answers: MemberOutcome[] = [];
  const scope = CancellationScope.current();
  let next = 0;
  const oneByOne = async () => {
    while (next < members.length && !scope.consideredCancelled) {
      const at = next;
      next += 1;
      answers[at] = await answerOf(by, members[at]!);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, oneByOne));
  if (scope.consideredCancelled) {
    leave(members.flatMap(({ tenantId }, at) => leftoverOf(tenantId, answers[at], stays)));
    throw new CancelledFailure('the run was cancelled');
  }
  const changed = answers.some(({ outcome }) => outcome === 'updated');
  const adopted = answers.every(({ outcome }) => outcome === 'unchanged');
  const apiCalls = answers.reduce((sum, answer) => sum + answer.apiCalls, 0);
  return { result: answers, adopted, changed, attempts: 1, apiCalls };
}

function leftoverOf(id: string, answer: MemberOutcome | undefined, stays: string): Leftover[] {
  if (answer?.outcome === 'updated') return [{ kind: 'setting', id, reason: stays }];
  return answer?.outcome === 'failed' ? [{ kind: 'setting', id, reason: answer.reason ?? stays }] : [];
}

async function answerOf(by: string, member: Member): Promise<MemberOutcome> {
  const { tenantId, name } = member;
  try {
    return await executeChild<(member: Member) => Promise<MemberOutcome>>(by, {
      workflowId: `${by}:${tenantId}:${uuid4().slice(0, 8)}`,
      args: [member],
      staticSummary: short(name),
      typedSearchAttributes: [{ key: acronisTenantId, value: tenantId }],
    });
  } catch (error) {
    if (isCancellation(error)) return { outcome: 'skipped', reason: 'its run was cancelled', apiCalls: 0 };
    const { message, bug } = describeFailure(error);
    if (bug) throw error;
    return { outcome: 'failed', reason: `its run has not ended by itself: ${message}`, apiCalls: 0 };
  }
}
