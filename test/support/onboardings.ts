import type { WorkflowHandle } from '@temporalio/client';
import type { Onboarding } from '../../contract/onboarding.js';
import type { OperationState, OperationStatus } from '../../contract/status.js';
import { anOrder, keyOf, type Order } from './orders.js';
import { waitForState } from './runs.js';
import type { VirtualEnvironment } from './use-virtual-environment.js';
import { within30Days } from './within-30-days.js';

/** Runs of `onboardCustomer`, and what a test asks of them. */
export function onboardingsIn(env: VirtualEnvironment) {
  const status = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');
  const onboarding = async (handle: WorkflowHandle) => await handle.query<Onboarding>('onboarding');
  const begin = async (input: Order): Promise<WorkflowHandle> =>
    await env.begin('onboardCustomer', input, `onboardCustomer:${keyOf(input)}`);
  /** The id of its tenant, once this is missing. */
  const untilMissing = async (handle: WorkflowHandle, what: RegExp): Promise<string> => {
    await within30Days(async () => what.test((await onboarding(handle)).missing ?? 'nothing'));
    return (await status(handle)).tenantId!;
  };
  return {
    status,
    onboarding,
    begin,
    untilMissing,
    order: (fields: object = {}): Order => ({ ...anOrder(), onFailure: 'undo', ...fields }),
    untilState: async <S extends OperationState>(handle: WorkflowHandle, state: S) => {
      await within30Days(async () => (await status(handle)).state === state);
      return await waitForState(handle, state);
    },
    /** A run that waits for the first machine of its customer. */
    waiting: async (input: Order) => {
      const handle = await begin(input);
      return { handle, tenantId: await untilMissing(handle, /a machine with the agent/) };
    },
    isThere: (tenantId: string) => env.simulator.memory.tenants.get(tenantId)?.deleted_at === null,
  };
}
