import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ImportedRows } from '../../activities/imported-rows.js';
import { createRolloutActivities, type NamedOutcome, type RolloutTask } from '../../activities/rollouts.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { silent } from './activity-environment.js';

const task: RolloutTask = { action: 'act', rollout: 'rollout:act', actor: 'ann', reason: 'reviewed', customers: [] };

interface Beside {
  /** Of every customer; undefined when there is none. */
  status?: Partial<CustomerStatus> | undefined;
  importedRows?: ImportedRows;
}

/** A Temporal server whose customers answer so. */
export function temporal(
  answer: (id: string, update: string) => Promise<unknown>,
  { status, importedRows }: Beside = {},
) {
  const { rollOut } = createRolloutActivities({ ...(importedRows && { importedRows }) });
  const sent: { id: string; update: string; request: object }[] = [];
  const told: unknown[] = [];
  const getHandle = (id: string) => ({
    describe: async () => {
      if (status === undefined) throw new WorkflowNotFoundError('no such workflow', id, undefined);
      return { status: { name: 'RUNNING' } };
    },
    query: async () => status,
    executeUpdate: async (update: string, { args: [request] }: { args: [object] }) => {
      sent.push({ id, update, request });
      return await answer(id, update);
    },
  });
  const client = {
    withAbortSignal: async (_signal: AbortSignal, act: () => Promise<unknown>) => await act(),
    withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    workflow: {
      getHandle,
      signalWithStart: async (_type: string, { signalArgs: [facts] }: { signalArgs: unknown[] }) =>
        void told.push(facts),
    },
  } as unknown as Client;
  const run = async (more: Partial<RolloutTask>, attempt = 1, onHeartbeat: () => void = () => undefined) => {
    const activity = new MockActivityEnvironment({ attempt }, { logger: silent, client });
    activity.on('heartbeat', onHeartbeat);
    return await activity.run<[RolloutTask], NamedOutcome[], typeof rollOut>(rollOut, { ...task, ...more });
  };
  return { sent, told, run };
}
