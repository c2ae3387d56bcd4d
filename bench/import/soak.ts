import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ImportResult } from '../../client/import-results.js';
import { decideOnRollout, rolloutStatus } from '../../client/rollouts.js';
import { rolloutId, type RolloutStatus } from '../../contract/rollout.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { startEngine } from '../../engine/index.js';
import { newCustomer, withBenchEnvironment, type BenchEnvironment } from '../environment.js';
import { timed } from '../figures.js';
import { usageOf } from '../processes.js';
import { stuckRuns } from '../soak-events.js';
import type { SimulatorCustomer } from '../verdict.js';
import { figuresOf, type ImportFigures, type Memory, type SoakCall } from './figures.js';
import { rowsFile, writeImportFiles } from './files.js';
import type { Span } from './budget-use.js';
import { problemsOfCodes, problemsOfRows, repeatedRows } from './verdict.js';

export interface ImportSoak {
  rows: number;
  seed: number;
  /** Part of the vendor's calls whose answer is lost. */
  lost: number;
  atOnce: number;
  /** The budget of the cloud; absent: none. */
  callsPerSecond?: number | undefined;
}

export interface ImportSoakResult {
  figures: ImportFigures;
  problems: string[];
}

const TASK_QUEUE = 'tenantry';
const ID = rolloutId('import');
const PAUSE_MS = 500;
/** The status of many rows is long: it is asked for a small part of the time only. */
const SHARE_OF_TIME = 10;
const SAY_MS = 60_000;
const SINGLES = 5;
/** The worker once, and the server once. */
const KILLS = 2;
const because = { actor: 'soak', reason: 'a soak' };
const program = fileURLToPath(new URL('../../client/cli/main.js', import.meta.url));

/** When what happens, as parts of the rows. */
const at = { worker: 0.2, server: 0.25, stop: 0.3 } as const;

/**
 * Imports a file with bad rows while answers are lost, kills the worker and the server, stops the import and goes on.
 * Then it counts: every row has its outcome, nobody is there twice, and no customer has heard of its row twice.
 */
export async function soakImport(options: ImportSoak, say: (line: string) => void): Promise<ImportSoakResult> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-import-'));
  const { rows, callsPerSecond } = options;
  const budget = callsPerSecond === undefined ? {} : { TENANTRY_CALLS_PER_SECOND: String(callsPerSecond) };
  const settings = { ...(await writeImportFiles(folder, rows)), ...budget };
  try {
    const soak = async (env: BenchEnvironment) => await new Soak(env, folder, settings, options, say).run();
    return await withBenchEnvironment(soak, join(folder, 'temporal.db'), settings);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class Soak {
  private worker;
  private readonly memory: Memory[] = [];
  private readonly disturbed: Span[] = [];
  private status: RolloutStatus | undefined;
  private saidAt = 0;

  constructor(
    private readonly env: BenchEnvironment,
    private readonly folder: string,
    private readonly settings: Record<string, string>,
    private readonly options: ImportSoak,
    private readonly say: (line: string) => void,
  ) {
    this.worker = env.worker;
  }

  async run(): Promise<ImportSoakResult> {
    const { seed, lost } = this.options;
    const { simulator } = this.env;
    await this.singles(1);
    const alone = await this.singles(SINGLES);
    if (lost > 0) await simulator.control('POST', 'faults', { chance: lost, fault: 'commit-then-drop', seed });
    const began = Date.now();
    const first = this.import();
    await this.when(0.1, 'looks at the memory', () => this.see(10));
    await this.when(at.worker, 'kills the worker', async () => await this.disturb(() => this.killWorker()));
    await this.when(at.server, 'kills the server', async () => await this.disturb(() => this.killServer()));
    const stopped = await this.stopAt(at.stop);
    const codes = [await first];
    const resumed = Date.now();
    const second = this.import();
    let between: number[] = [];
    await this.when(0.5, 'orders customers alone', async () => {
      this.see(50);
      between = await this.singles(SINGLES);
    });
    await this.when(1, 'looks at the memory', () => this.see(100));
    const ended = Date.now();
    codes.push(await second);
    const results = Date.now() - ended;
    await simulator.control('DELETE', 'faults');
    const calls = await simulator.control<SoakCall[]>('GET', 'journal');
    const spans = [
      { from: began, to: stopped },
      { from: resumed, to: ended },
    ];
    const { disturbed, memory } = this;
    const measured = { ...this.options, spans, disturbed, calls, alone, between, memory, resultsMs: results };
    const figures = figuresOf(measured);
    this.say(JSON.stringify(figures));
    const problems = [...problemsOfCodes(codes), ...(await this.problems())];
    return { figures, problems };
  }

  /** The exit code of the command. */
  private async import(): Promise<number | null> {
    const { settings, folder, env, options } = this;
    const limits = ['--max-failures', '5%', '--at-once', String(options.atOnce)];
    const args = [program, 'import', rowsFile(folder), ...limits, '--result', this.result];
    const variables = { HOME: folder, PATH: process.env['PATH'], TEMPORAL_ADDRESS: env.engine.address, ...settings };
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: variables,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const kill = () => void child.kill('SIGKILL');
    process.once('exit', kill);
    return await new Promise((resolve) => {
      child.once('exit', (code) => {
        process.off('exit', kill);
        resolve(code);
      });
    });
  }

  private get result(): string {
    return join(this.folder, 'outcome.json');
  }

  /** Once this part of the rows has come out. */
  private async when(part: number, what: string, act: () => Promise<unknown> | void): Promise<void> {
    const { rows } = this.options;
    while (this.ended < rows * part) await this.ask();
    this.say(`${what} after ${this.ended} rows`);
    await act();
  }

  private async ask(): Promise<void> {
    const began = performance.now();
    this.status = (await rolloutStatus(this.env.client, ID, TASK_QUEUE).catch(() => undefined)) ?? this.status;
    if (began - this.saidAt > SAY_MS) {
      this.saidAt = began;
      const { workerMib, serverMib } = this.memoryNow();
      const { count } = await this.env.simulator.control<{ count: number }>('GET', 'count');
      this.say(
        `${new Date().toISOString()} ${this.ended} rows, ${count} calls, worker ${workerMib} MiB, server ${serverMib} MiB`,
      );
    }
    await sleep(Math.max(PAUSE_MS, SHARE_OF_TIME * (performance.now() - began)));
  }

  private get ended(): number {
    const { done = 0, failed = 0, skipped = 0 } = this.status?.counts ?? {};
    return done + failed + skipped;
  }

  private async stopAt(part: number): Promise<number> {
    let stopped = 0;
    await this.when(part, 'stops the import', async () => {
      await decideOnRollout(this.env.client, { id: ID, choice: 'stop', request: because }, TASK_QUEUE);
      stopped = Date.now();
    });
    return stopped;
  }

  private memoryNow() {
    const mib = (pid: number) => {
      try {
        return Math.round(usageOf(pid).residentMib);
      } catch {
        return 0;
      }
    };
    return { workerMib: mib(this.worker.pid), serverMib: mib(this.env.engine.pid) };
  }

  private see(percent: number): void {
    this.memory.push({ percent, ...this.memoryNow() });
  }

  private async disturb(act: () => Promise<void>): Promise<void> {
    const from = Date.now();
    await act();
    this.disturbed.push({ from, to: Date.now() });
  }

  private async killWorker(): Promise<void> {
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

  /** The milliseconds of so many customers that are ordered alone, one after another. */
  private async singles(count: number): Promise<number[]> {
    return await timed(count, 1, async () => await this.env.provision(newCustomer('single')));
  }

  private async problems(): Promise<string[]> {
    const { rows, atOnce } = this.options;
    const results = JSON.parse(await readFile(this.result, 'utf8')) as ImportResult[];
    const held = await this.env.simulator.control<SimulatorCustomer[]>('GET', 'customers');
    const names = held.map(({ name }) => name);
    const near = Object.values(at).map((part) => rows * part);
    const asked = { rows, near, atOnce, kills: KILLS, taskQueue: TASK_QUEUE };
    const repeated = await repeatedRows(this.env.client, asked);
    this.say(
      `asked ${repeated.asked} customers how often they have heard of their row: ${repeated.noticed} were told twice, and noticed it`,
    );
    return [...problemsOfRows(rows, results, names), ...repeated.problems, ...(await stuckRuns(this.env))];
  }
}
