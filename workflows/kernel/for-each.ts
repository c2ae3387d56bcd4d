import type { MemberOutcome } from '../../contract/steps.js';
import { CancellationScope, CancelledFailure, executeChild, isCancellation, uuid4 } from '@temporalio/workflow';
import type { StepResult } from '../../contract/steps.js';
import { describeFailure } from './describe-failure.js';
import { toSummary } from '../../contract/markdown.js';
import { acronisTenantId } from '../../contract/search-attributes.js';
import type { Leftover } from '../../contract/status.js';

/** One of the tenants that a step handles one by one. */
export interface ListedTenant {
  tenantId: string;
  name: string;
}

export interface ForEachSpec {
  /** The workflow type that handles one member. */
  workflowType: string;
  members: readonly ListedTenant[];
  atOnce: number;
  /** Why a change is not undone. */
  leftoverReason: string;
}

/**
 * Starts a child workflow for each member, `atOnce` at a time. The parent's history gets 3 events per member, and up to
 * 9 with its workflow tasks, so the look-up limits members to 3,000. A failure of one member does not stop the others.
 * After a cancellation it starts no more, waits for running ones, and reports their changes through `leave`.
 */
export async function forEach(
  { workflowType, members, atOnce, leftoverReason }: ForEachSpec,
  leave: (leftovers: Leftover[]) => void,
): Promise<StepResult<MemberOutcome[]>> {
  const answers: MemberOutcome[] = [];
  const scope = CancellationScope.current();
  let next = 0;
  const oneByOne = async () => {
    while (next < members.length && !scope.consideredCancelled) {
      const at = next;
      next += 1;
      answers[at] = await runForMember(workflowType, members[at]!);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, oneByOne));
  if (scope.consideredCancelled) {
    leave(members.flatMap(({ tenantId }, at) => toLeftovers(tenantId, answers[at], leftoverReason)));
    throw new CancelledFailure('the run was cancelled');
  }
  const changed = answers.some(({ outcome }) => outcome === 'updated');
  const adopted = answers.every(({ outcome }) => outcome === 'unchanged');
  const apiCalls = answers.reduce((sum, answer) => sum + answer.apiCalls, 0);
  return { result: answers, adopted, changed, attempts: 1, apiCalls };
}

function toLeftovers(id: string, answer: MemberOutcome | undefined, stays: string): Leftover[] {
  if (answer?.outcome === 'updated') return [{ kind: 'setting', id, reason: stays }];
  return answer?.outcome === 'failed' ? [{ kind: 'setting', id, reason: answer.reason ?? stays }] : [];
}

async function runForMember(workflowType: string, member: ListedTenant): Promise<MemberOutcome> {
  const { tenantId, name } = member;
  try {
    return await executeChild<(member: ListedTenant) => Promise<MemberOutcome>>(workflowType, {
      workflowId: `${workflowType}:${tenantId}:${uuid4().slice(0, 8)}`,
      args: [member],
      staticSummary: toSummary(name),
      typedSearchAttributes: [{ key: acronisTenantId, value: tenantId }],
    });
  } catch (error) {
    if (isCancellation(error)) return { outcome: 'skipped', reason: 'its run was cancelled', apiCalls: 0 };
    const { message, bug } = describeFailure(error);
    if (bug) throw error;
    return { outcome: 'failed', reason: `its run has not ended by itself: ${message}`, apiCalls: 0 };
  }
}
