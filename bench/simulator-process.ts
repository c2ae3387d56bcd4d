import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnGuarded } from '../engine/index.js';

/** The imitated vendor as a process of its own, so that its work is not counted as anybody else's. */
export interface SimulatorProcess {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly rootTenantId: string;
  /** Asks its remote control. */
  control<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

type SimulatorAddress = Pick<SimulatorProcess, 'url' | 'clientId' | 'clientSecret' | 'rootTenantId'>;

const program = fileURLToPath(new URL('../client/cli/main.js', import.meta.url));

export async function startSimulatorProcess(): Promise<SimulatorProcess> {
  const child = await spawnGuarded(process.execPath, [program, 'simulator'], { env: {} });
  child.stderr.resume();
  const lines = createInterface(child.stdout);
  const told = await new Promise<SimulatorAddress>((resolve) => {
    lines.once('line', (line) => resolve(JSON.parse(line) as SimulatorAddress));
  });
  return {
    ...told,
    async control<Answer>(method: string, path: string, body?: unknown) {
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${told.url}/_simulator/${path}`, { method, ...text });
      return (response.status === 204 ? undefined : await response.json()) as Answer;
    },
    stop: () => child.stop(),
  };
}
