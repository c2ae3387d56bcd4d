import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { spawnGuarded } from '../../engine/index.js';

export type BareGraph = Awaited<ReturnType<typeof startBareGraph>>;

const program = fileURLToPath(new URL('./worker.js', import.meta.url));
let made = 0;

/** Starts a worker that runs the bare graph, in its own process. */
export async function startBareGraph(address: string, latencyMs: number) {
  const child = await spawnGuarded(process.execPath, [program, address, String(latencyMs)], { env: {} });
  child.stderr.resume();
  await once(child.stdout, 'data');
  return {
    pid: child.pid,
    async run(client: Client) {
      const start = { taskQueue: 'bare-graph', workflowId: `bare-graph-${process.pid}-${(made += 1)}` };
      await client.workflow.execute('bareGraph', { ...start, workflowTaskTimeout: '5 seconds' });
    },
    stop: () => child.stop(),
  };
}
