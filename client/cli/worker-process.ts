import type { Engine } from '../../engine/index.js';
import type { Simulator } from '../../simulator/index.js';
import { noSettingsFiles, startChildCommand } from './child-command.js';

export interface WorkerProcess {
  readonly pid: number;
  /** The line that it printed when it was ready. */
  readonly ready: { port?: number; clouds: string[]; inTrouble: object[] };
  /** The end of its log. */
  log(): string;
  /** Stops it as a power cut would. */
  kill(): void;
  stop(): Promise<void>;
}

/** Starts `tenantry worker` as a process that knows only this engine and this simulator, and waits until it polls. */
export async function startWorkerProcess(
  { address }: Pick<Engine, 'address'>,
  { url, clientId, clientSecret }: Pick<Simulator, 'url' | 'clientId' | 'clientSecret'>,
  settings: Record<string, string> = {},
): Promise<WorkerProcess> {
  const env = {
    ...noSettingsFiles,
    TEMPORAL_ADDRESS: address,
    ACRONIS_BASE_URL: url,
    ACRONIS_CLIENT_ID: clientId,
    ACRONIS_CLIENT_SECRET: clientSecret,
    ...settings,
  };
  const worker = await startChildCommand(['worker'], { env });
  return {
    pid: worker.pid,
    ready: (await worker.ready) as WorkerProcess['ready'],
    log: worker.log,
    kill: () => worker.kill('SIGKILL'),
    stop: () => worker.stop(),
  };
}
