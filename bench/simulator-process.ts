import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnGuarded } from '../engine/index.js';

export type SimulatorProcess = Awaited<ReturnType<typeof startSimulatorProcess>>;

type SimulatorAddress = Record<'url' | 'clientId' | 'clientSecret' | 'rootTenantId', string>;

const program = fileURLToPath(new URL('../client/cli/main.js', import.meta.url));

/** Starts a simulator in its own process, so that its processor time is not counted for others. */
export async function startSimulatorProcess() {
  const child = await spawnGuarded(process.execPath, [program, 'simulator'], { env: {} });
  child.stderr.resume();
  const lines = createInterface(child.stdout);
  const told = await new Promise<SimulatorAddress>((resolve) => {
    lines.once('line', (line) => resolve(JSON.parse(line) as SimulatorAddress));
  });
  return {
    ...told,
    /** Calls its remote control. Rejects when that refuses. */
    async control<Answer>(method: string, path: string, body?: unknown) {
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${told.url}/_simulator/${path}`, { method, ...text });
      if (!response.ok) throw new Error(`${method} ${path} of the simulator: ${await response.text()}`);
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    },
    stop: () => child.stop(),
  };
}
