import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { copySources, jest } from '../workshop.js';
import type { RandomMutant } from './draw.js';
import { SourceLines, type Range } from './lines.js';

const TSC = ['node_modules/typescript/bin/tsc', '-p', '.'];
const BUNDLE = 'worker/workflow-bundle.js';
const ENCRYPTING_BUNDLE = 'worker/workflow-bundle-encrypting.js';

const nothing = () => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** What some test files say of the product as it is now. */
export interface Verdict {
  /** The first test that failed, or that the time limit has passed. Nothing when all tests passed. */
  failure?: string;
  seconds: number;
}

/** A built copy of the product. Chance breaks its compiled files, so one change costs no compilation. */
export class BrokenCopy {
  private constructor(readonly folder: string) {}

  /** It lasts as long as this process. */
  static async make(): Promise<BrokenCopy> {
    const copy = new BrokenCopy(await copySources());
    process.once('exit', () => rmSync(copy.folder, { recursive: true, force: true }));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
    const code = await copy.node(TSC);
    if (code !== 0) throw new Error('the product cannot be compiled');
    await copy.bundle();
    return copy;
  }

  /** The compiled files of these rooms. */
  async programs(rooms: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const file of await this.files(rooms, /\.c?js$/)) found.set(file, await this.read(file));
    return found;
  }

  /** The compiled files in these folders whose names fit. */
  async files(folders: readonly string[], fits: RegExp): Promise<string[]> {
    const found: string[] = [];
    for (const folder of folders)
      for (const name of await readdir(join(this.folder, 'dist', folder), { recursive: true }))
        if (fits.test(name)) found.push(join(folder, name));
    return found.toSorted();
  }

  async read(file: string): Promise<string> {
    return await readFile(this.path(file), 'utf8');
  }

  lines(file: string, text: string): SourceLines {
    return new SourceLines(this.folder, this.path(file), text);
  }

  /** Prepares a change. The product is whole until `plant`, and again after `repair`. */
  async prepare({ file, start, end, becomes }: RandomMutant): Promise<{ plant: Act; repair: Act }> {
    const isBundled = file.startsWith('workflows/') || file.endsWith('.cjs');
    const whole = await this.texts(isBundled ? [file, BUNDLE, ENCRYPTING_BUNDLE] : [file]);
    const program = whole.get(file)!;
    await this.write(new Map([[file, program.slice(0, start) + becomes + program.slice(end)]]));
    if (isBundled) await this.bundle();
    const broken = await this.texts([...whole.keys()]);
    await this.write(whole);
    return { plant: async () => await this.write(broken), repair: async () => await this.write(whole) };
  }

  /** Whether the compiler accepts the same change in the source. Nothing when its place there is not certain. */
  async compiles(
    source: string,
    line: number,
    { was, becomes }: Pick<RandomMutant, 'was' | 'becomes'>,
  ): Promise<boolean | undefined> {
    const path = join(this.folder, source);
    const whole = await readFile(path, 'utf8');
    const lines = whole.split('\n');
    const [before, after, ...more] = lines[line - 1]!.split(was);
    if (after === undefined || more.length > 0) return undefined;
    lines[line - 1] = `${before}${becomes}${after}`;
    await writeFile(path, lines.join('\n'));
    const code = await this.node([...TSC, '--noEmit', '--noUnusedLocals', 'false', '--noUnusedParameters', 'false']);
    await writeFile(path, whole);
    return code === 0;
  }

  /** Runs test files until the first that fails. What has not ended after the limit is stopped, and has failed. */
  async test(files: readonly string[], limitMs: number, env: Record<string, string> = {}): Promise<Verdict> {
    const began = Date.now();
    const args = [
      ...jest,
      '-i',
      '--bail',
      '--forceExit',
      '--runTestsByPath',
      ...files.map((file) => join('dist', file)),
    ];
    const { code, said } = await this.run(args, { limitMs, env });
    const seconds = (Date.now() - began) / 1000;
    if (code === 0) return { seconds };
    // a run that bails out writes no report
    const title = /^ {2}● (.+)$/m.exec(said)?.[1] ?? 'jest itself failed';
    return { failure: code === null ? `no end after ${Math.round(limitMs / 1000)} s` : title, seconds };
  }

  /** Runs one test file and says which lines of the sources it reaches, also in the workflow sandbox and in processes that it starts. */
  async measure(file: string, limitMs: number): Promise<Verdict & { lines: Set<string> }> {
    const coverage = await mkdtemp(join(this.folder, 'coverage-'));
    const verdict = await this.test([file], limitMs, { NODE_V8_COVERAGE: coverage });
    const lines = new Set<string>();
    for (const name of await readdir(coverage)) {
      const { result } = JSON.parse(await readFile(join(coverage, name), 'utf8')) as Coverage;
      for (const { url, functions } of result) {
        const program = this.ownFile(url);
        if (program === undefined) continue;
        const ranges = functions.flatMap((one) => one.ranges);
        for (const line of this.lines(program, await this.read(program)).reached(ranges)) lines.add(line);
      }
    }
    await rm(coverage, { recursive: true });
    return { ...verdict, lines };
  }

  private ownFile(url: string): string | undefined {
    if (!url.startsWith('file://')) return undefined;
    const [, file] = fileURLToPath(url).split(join(this.folder, 'dist/'));
    return file !== undefined && /\.c?js$/.test(file) && !file.startsWith('test/') ? file : undefined;
  }

  private path(file: string): string {
    return join(this.folder, 'dist', file);
  }

  private async texts(files: readonly string[]): Promise<Map<string, string>> {
    return new Map(await Promise.all(files.map(async (file) => [file, await this.read(file)] as const)));
  }

  private async write(texts: ReadonlyMap<string, string>): Promise<void> {
    for (const [file, text] of texts) await writeFile(this.path(file), text);
  }

  /** Makes both bundles as `worker/bundle.ts` does, in this process, which is faster from the second time on. */
  private async bundle(): Promise<void> {
    const options = { workflowsPath: this.path('workflows/index.js'), logger: silent };
    const failureConverterPath = this.path('vault/failure-converter.cjs');
    const bundle = await bundleWorkflowCode(options);
    const encrypting = await bundleWorkflowCode({ ...options, failureConverterPath });
    await this.write(
      new Map([
        [BUNDLE, bundle.code],
        [ENCRYPTING_BUNDLE, encrypting.code],
      ]),
    );
  }

  private async node(args: readonly string[]): Promise<number | null> {
    return (await this.run(args)).code;
  }

  /** Runs a Node process and ends all that it leaves. Its exit code is null when it was stopped at the limit. */
  private async run(args: readonly string[], { limitMs = 300_000, env = {} } = {}): Promise<Ran> {
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const end = () => endGroup(child.pid!);
    process.prependOnceListener('exit', end);
    const timer = setTimeout(end, limitMs);
    const said = text(child.stderr);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearTimeout(timer);
    process.removeListener('exit', end);
    end();
    return { code, said: await said };
  }
}

interface Ran {
  code: number | null;
  said: string;
}

type Act = () => Promise<void>;

interface Coverage {
  result: { url: string; functions: { ranges: Range[] }[] }[];
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
