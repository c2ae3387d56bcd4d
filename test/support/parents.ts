import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { Child, RefusedStart, RunStatus } from '../../contract/children.js';
import { hasEnded } from '../../contract/status.js';
import { anOrder } from './orders.js';
import { cancelChild, childrenOf, startOperation, type parent } from './parent-workflow.js';
import { waitUntil } from './runs.js';
import type { OperationEnvironment } from './operation-environment.js';

/** A workflow that starts operations. */
export type Parent = WorkflowHandle<typeof parent>;

/** The built file of its workflow type. */
export const parentWorkflows = new URL('./parent-workflow.js', import.meta.url);

/** Workflows that start operations, and what they know of them. */
export function parentsIn(env: OperationEnvironment) {
  const known = async (handle: Parent, id: string, is: (status: RunStatus) => boolean): Promise<Child> => {
    let child: Child | undefined;
    await waitUntil(async () => {
      child = (await handle.query(childrenOf)).find((one) => one.id === id);
      return child !== undefined && is(child.status);
    });
    return child!;
  };
  const tryToBegin = async (handle: Parent, operation: string, input: unknown): Promise<Child | RefusedStart> =>
    await handle.executeUpdate(startOperation, { args: [operation, input] });
  return {
    /** It looks at a child that says nothing so long. */
    aParent: async ({ lookAfter = '1 day' }: { lookAfter?: '1 day' | '1 second' } = {}): Promise<Parent> =>
      await env.client.workflow.start<typeof parent>('parent', {
        workflowId: `parent-${randomUUID()}`,
        taskQueue: env.taskQueue,
        args: [{ lookAfter }],
      }),
    tryToBegin,
    async begin(handle: Parent, operation: string, input: unknown): Promise<Child> {
      const begun = await tryToBegin(handle, operation, input);
      if ('refused' in begun) throw new Error(JSON.stringify(begun.refused));
      return begun;
    },
    cancel: async (handle: Parent, id: string): Promise<boolean> =>
      await handle.executeUpdate(cancelChild, { args: [id, { actor: 'customer', reason: 'overtaken' }] }),
    /** The child, once the parent knows that it is blocked. */
    whenBlocked: async (handle: Parent, id: string) => await known(handle, id, ({ state }) => state === 'blocked'),
    whenRunning: async (handle: Parent, id: string) => await known(handle, id, ({ state }) => state === 'running'),
    /** How a child has ended, once the parent knows it. */
    whenEnded: async (handle: Parent, id: string) => (await known(handle, id, hasEnded)).status,
    /** An order whose run is blocked at its items, until somebody decides. */
    anOrderThatBlocks() {
      env.simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 403, message: 'not for you' });
      return anOrder({ onFailure: 'ask' });
    },
  };
}
