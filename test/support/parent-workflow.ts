import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type { Duration } from '@temporalio/common';
import type { Child, RefusedStart } from '../../contract/children.js';
import type { DecisionRequest } from '../../contract/decisions.js';
import { Children } from '../../workflows/children/children.js';

// oxlint-disable-next-line import/export -- a bundle has all workflows of its workers
export * from '../../workflows/index.js';

export const startOperation = defineUpdate<Child | RefusedStart, [string, unknown]>('start');
export const cancelChild = defineUpdate<boolean, [string, DecisionRequest]>('cancel');
export const continueNow = defineSignal('continueNow');
export const end = defineSignal('end');
export const childrenOf = defineQuery<readonly Child[]>('children');

/** A workflow that starts and cancels operations as it is asked to, and continues as new as often as it is asked to. */
export async function parent({
  lookAfter,
  saved = [],
}: {
  lookAfter: Duration;
  saved?: readonly Child[];
}): Promise<void> {
  const children = new Children(saved, lookAfter);
  let next: 'continue' | 'end' | undefined;
  setHandler(startOperation, async (operation, input) => await children.start(operation, input));
  setHandler(cancelChild, async (id, request) => await children.cancel(id, request));
  setHandler(childrenOf, () => children.all);
  setHandler(continueNow, () => void (next = 'continue'));
  setHandler(end, () => void (next = 'end'));
  await condition(() => next !== undefined && !children.areStarting && allHandlersFinished());
  if (next === 'continue') await continueAsNew<typeof parent>({ lookAfter, saved: children.all });
}
