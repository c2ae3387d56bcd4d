import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startGatewayProcess } from '../../client/cli/gateway-process.js';
import { startWorkerProcess } from '../../client/cli/worker-process.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { startEngine } from '../../engine/index.js';
import { startSimulatorProcess } from '../simulator-process.js';
import { plansFile, secrets, sourcesFile } from './offer.js';
import { clientOptions } from '../../vault/index.js';

/** The product as it stands on a server, each part in its own process, beside a simulated vendor. */
export type Installation = Awaited<ReturnType<typeof startInstallation>>;

/** Far more than is planned: the customers ask the brake, and it grants everything. */
const BRAKE = JSON.stringify({ hour: 5000, day: 5000, creations: 5000 });
const QUIET = { TENANTRY_LOG_LEVEL: 'warn' };

/** Starts everything; Temporal keeps its data on disk. All of it ends when this process ends, in any way. */
export async function startInstallation() {
  const toStop: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of toStop.splice(0).toReversed()) await one();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'tenantry-soak-'));
    toStop.push(async () => await rm(folder, { recursive: true, force: true }));
    const engine = await startEngine({ searchAttributes, headless: true, db: join(folder, 'temporal.db') });
    toStop.push(() => engine.stop());
    const simulator = await startSimulatorProcess();
    toStop.push(() => simulator.stop());
    const files = await writeFiles(folder);
    const ofGateway = { TENANTRY_SECRET_SHOP: secrets.shop, TENANTRY_SECRET_OWN: secrets.own };
    const startGateway = async (port: Record<string, string>) =>
      await startGatewayProcess(engine, { ...QUIET, ...files, ...ofGateway, ...port });
    const first = await startGateway({});
    const samePort = { TENANTRY_GATEWAY_PORT: new URL(first.url).port };
    const gateway = replaceable(first, async () => await startGateway(samePort));
    toStop.push(gateway.stop);
    const startWorker = async () =>
      await startWorkerProcess(engine, simulator, { ...QUIET, ...files, TENANTRY_BRAKE: BRAKE });
    const worker = replaceable(await startWorker(), startWorker);
    toStop.push(worker.stop);
    const connection = await Connection.connect({ address: engine.address });
    toStop.push(() => connection.close());
    return {
      client: new Client({ connection, ...clientOptions() }),
      simulator,
      gateway,
      gatewayUrl: first.url,
      worker,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function writeFiles(folder: string): Promise<Record<string, string>> {
  const files = { TENANTRY_SOURCES: sourcesFile, TENANTRY_PLANS: plansFile };
  const entries = Object.entries(files).map(async ([setting, content]) => {
    const path = join(folder, `${setting}.json`);
    await writeFile(path, JSON.stringify(content));
    return [setting, path] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

interface Killable {
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** A process that can be killed and started again. */
function replaceable<T extends Killable>(first: T, startAnother: () => Promise<T>) {
  let running = first;
  let kills = 0;
  return {
    /** How often it was killed. */
    get kills() {
      return kills;
    },
    /** Kills it (SIGKILL), and starts another one after some milliseconds. */
    async replace(pause: number) {
      running.kill('SIGKILL');
      kills += 1;
      await sleep(pause);
      running = await startAnother();
    },
    stop: async () => await running.stop(),
  };
}
