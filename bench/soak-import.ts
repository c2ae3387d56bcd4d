import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ImportResult } from '../client/import-results.js';
import { customerStatus } from '../client/customers.js';
import { decideOnRollout, rolloutStatus } from '../client/rollouts.js';
import { rolloutId, type RolloutStatus } from '../contract/rollout.js';
import { searchAttributes } from '../contract/search-attributes.js';
import { startEngine } from '../engine/index.js';
import { newCustomer, withBenchEnvironment, type BenchEnvironment } from './environment.js';
import { usageOf } from './processes.js';
import type { SimulatorCustomer } from './verdict.js';

export interface ImportSoak {
  rows: number;
  seed: number;
  /** Part of the vendor's calls whose answer is lost. */
  lost: number;
}

export interface ImportFigures {
  figures: Record<string, number>;
  problems: string[];
}

const TASK_QUEUE = 'tenantry';
const ID = rolloutId('import');
const PAUSE_MS = 500;
const because = { actor: 'soak', reason: 'a soak' };
const program = fileURLToPath(new URL('../client/cli/main.js', import.meta.url));
const refOf = (nth: number) => `I-${nth}`;
/** One row of a hundred has the login of another customer, so that the vendor refuses it. */
const isBad = (nth: number) => nth % 100 === 50;

/**
 * Imports a file with bad rows while answers are lost, kills the worker and the server, stops the import and goes on.
 * Then it counts: every row has its outcome, nobody is there twice, and no customer has heard of its row twice.
 */
export async function soakImport(options: ImportSoak, say: (line: string) => void): Promise<ImportFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-import-'));
  const settings = await writeFiles(folder, options.rows);
  try {
    const soak = async (env: BenchEnvironment) => await new Soak(env, folder, settings, options, say).run();
    return await withBenchEnvironment(soak, join(folder, 'temporal.db'), settings);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, rows: number): Promise<Record<string, string>> {
  const plan = { offeringItems: ['workstations', 'storage'], quotas: { workstations: { perUnit: 1 } } };
  const lines = Array.from({ length: rows }, (_, nth) => {
    const email = `it${isBad(nth) ? nth - 50 : nth}@import.example`;
    return `${refOf(nth)},"Import ${nth}, Inc",${email},standard,${(nth % 9) + 1}`;
  });
  const files = {
    'sources.json': JSON.stringify({ csv: { kind: 'csv' } }),
    'plans.json': JSON.stringify({ plans: { standard: plan } }),
    'customers.csv': ['reference,name,email,plan,quantity', ...lines, ''].join('\n'),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return {
    TENANTRY_SOURCES: join(folder, 'sources.json'),
    TENANTRY_PLANS: join(folder, 'plans.json'),
    TENANTRY_ARTEFACTS_DIR: join(folder, 'store'),
  };
}

class Soak {
  private worker;
  private peakMib = 0;
  private readonly took = { alone: 0, between: 0 };

  constructor(
    private readonly env: BenchEnvironment,
    private readonly folder: string,
    private readonly settings: Record<string, string>,
    private readonly options: ImportSoak,
    private readonly say: (line: string) => void,
  ) {
    this.worker = env.worker;
  }

  async run(): Promise<ImportFigures> {
    const { rows, seed, lost } = this.options;
    const { simulator } = this.env;
    this.took.alone = await this.provisionOne();
    if (lost > 0) await simulator.control('POST', 'faults', { chance: lost, fault: 'commit-then-drop', seed });
    const began = performance.now();
    const first = this.import();
    await this.when(rows * 0.2, 'kills the worker', async () => await this.killWorker());
    await this.when(rows * 0.4, 'kills the server', async () => await this.killServer());
    await this.when(
      rows * 0.5,
      'orders one customer',
      async () => void (this.took.between = await this.provisionOne()),
    );
    await this.when(rows * 0.6, 'stops the import', async () => {
      await decideOnRollout(this.env.client, { id: ID, choice: 'stop', request: because }, TASK_QUEUE);
    });
    const codes = [await first, await this.import()];
    const seconds = (performance.now() - began) / 1000;
    await simulator.control('DELETE', 'faults');
    this.see();
    return { figures: await this.figures(seconds), problems: [...codesProblem(codes), ...(await this.problems())] };
  }

  /** The exit code of the command. */
  private async import(): Promise<number | null> {
    const { settings, folder, env } = this;
    const args = [program, 'import', join(folder, 'customers.csv'), '--max-failures', '5%', '--result', this.result];
    const variables = { HOME: folder, PATH: process.env['PATH'], TEMPORAL_ADDRESS: env.engine.address, ...settings };
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: variables,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return await new Promise((resolve) => child.once('exit', resolve));
  }

  private get result(): string {
    return join(this.folder, 'outcome.json');
  }

  /** Once so many rows have come out. */
  private async when(done: number, what: string, act: () => Promise<void>): Promise<void> {
    for (;;) {
      const status = await this.status();
      if (status !== undefined && status.counts.done >= done) break;
      await sleep(PAUSE_MS);
    }
    this.say(`${what} after ${Math.round(done)} rows`);
    await act();
  }

  private async status(): Promise<RolloutStatus | undefined> {
    return await rolloutStatus(this.env.client, ID, TASK_QUEUE).catch(() => undefined);
  }

  private see(): void {
    this.peakMib = Math.max(this.peakMib, usageOf(this.worker.pid).peakMib);
  }

  private async killWorker(): Promise<void> {
    this.see();
    this.worker.kill();
    this.worker = await this.env.startWorker();
  }

  private async killServer(): Promise<void> {
    const { db, address, pid, exited } = this.env.engine;
    process.kill(pid, 'SIGKILL');
    await exited;
    const port = Number(address.split(':')[1]);
    this.env.replaceEngine(await startEngine({ searchAttributes, headless: true, db, port }));
  }

  private async provisionOne(): Promise<number> {
    const began = performance.now();
    await this.env.provision(newCustomer('single'));
    return performance.now() - began;
  }

  private async figures(seconds: number): Promise<Record<string, number>> {
    const calls = await this.env.simulator.control<{ fault?: unknown }[]>('GET', 'journal');
    const { alone, between } = this.took;
    return {
      rows: this.options.rows,
      seconds: Math.round(seconds),
      rowsPerSecond: Number((this.options.rows / seconds).toFixed(2)),
      calls: calls.length,
      lost: calls.filter(({ fault }) => fault !== undefined).length,
      singleAloneMs: Math.round(alone),
      singleBetweenMs: Math.round(between),
      workerPeakMib: Math.round(this.peakMib),
    };
  }

  private async problems(): Promise<string[]> {
    const results = JSON.parse(await readFile(this.result, 'utf8')) as ImportResult[];
    const held = await this.env.simulator.control<SimulatorCustomer[]>('GET', 'customers');
    const names = held.map(({ name }) => name);
    const problems = this.problemsOfRows(results, names);
    for (const { ref } of results) {
      const events = (await customerStatus(this.env.client, { ref }, TASK_QUEUE))?.events.length;
      if (events !== 1) problems.push(`${ref} has heard of its row ${events ?? 0} times`);
    }
    return problems;
  }

  private problemsOfRows(results: readonly ImportResult[], names: readonly string[]): string[] {
    return Array.from({ length: this.options.rows }, (_, nth) => {
      const { outcome, tenantId, why = '' } = results.find(({ ref }) => ref === refOf(nth)) ?? {};
      const [wanted, count] = isBad(nth) ? ['failed', 0] : ['done', 1];
      const made = names.filter((name) => name === `Import ${nth}, Inc`).length;
      return [
        ...(outcome === wanted ? [] : [`${refOf(nth)} is ${outcome ?? 'not there'} instead of ${wanted}: ${why}`]),
        ...(made === count ? [] : [`${refOf(nth)} is there ${made} times instead of ${count}`]),
        ...((tenantId !== undefined) === (count === 1) ? [] : [`${refOf(nth)} has the tenant ${tenantId}`]),
      ];
    }).flat();
  }
}

/** The first command says that somebody has stopped the import, the second one that it waits for a person. */
function codesProblem(codes: readonly (number | null)[]): string[] {
  return codes.join() === '5,4' ? [] : [`the commands ended with the codes ${codes.join()} instead of 5,4`];
}
