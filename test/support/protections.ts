import type { WorkflowHandle } from '@temporalio/client';
import type { ProtectionWait } from '../../contract/protection.js';
import type { OperationStatus } from '../../contract/status.js';
import { pause } from './pause.js';
import type { VirtualEnvironment } from './use-virtual-environment.js';

export const DAY_MS = 24 * 3_600_000;

/** Runs of `protectCustomer`, and what a test asks of them. */
export function protectionsIn(env: VirtualEnvironment) {
  let made = 0;
  const status = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');
  const missing = async (handle: WorkflowHandle): Promise<ProtectionWait | undefined> =>
    (await status(handle)).protection?.missing;
  /** The run looks once an hour after some hours, so a wait for it takes long steps. */
  const until = async (what: string, isTrue: () => Promise<boolean>) => {
    for (const end = Date.now() + 30 * DAY_MS; !(await isTrue()); await pause(20 * 60_000))
      if (Date.now() > end) throw new Error(`not true within 30 days: ${what}`);
  };
  return {
    status,
    missing,
    aCustomer: (): string => env.simulator.world.addTenant({ name: `In need ${(made += 1)}`, kind: 'customer' }),
    begin: async (tenantId: string, fields: object = {}): Promise<WorkflowHandle> =>
      await env.begin('protectCustomer', { tenant: { id: tenantId }, ...fields }, `protectCustomer:${tenantId}`),
    untilMissing: async (handle: WorkflowHandle, what: RegExp): Promise<void> =>
      await until(String(what), async () => what.test((await missing(handle))?.what ?? 'nothing')),
    untilState: async (handle: WorkflowHandle, state: OperationStatus['state']): Promise<void> =>
      await until(state, async () => (await status(handle)).state === state),
  };
}

/** Days pass. */
export const days = async (count: number): Promise<void> => await pause(count * DAY_MS);
