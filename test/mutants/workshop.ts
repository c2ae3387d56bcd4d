import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Chaos, Edit } from './mutant.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const left = new Set(['node_modules', 'dist', '.git']);

/** The source of a file of the product as it is. */
export async function sourceOf(file: string): Promise<string> {
  return await readFile(join(root, file), 'utf8');
}

/** A copy of the product in which it can be broken. */
export interface Workshop {
  /** Makes an edit, builds, and gives back a function that takes it back. */
  plant(edit: Edit): Promise<() => Promise<void>>;
  /** Titles of the tests that fail among these. */
  failing(pattern: string, title: string | undefined): Promise<string[]>;
  /** Plays plans: what is wrong with the run of the first that fails, and the smallest plan that does; nothing when all end as promised. */
  chaos(what: Chaos): Promise<{ problems: string; plan: string } | undefined>;
  close(): Promise<void>;
}

/** A new folder with the sources of the product. It uses the packages of the product itself. */
export async function copySources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-mutants-'));
  for (const name of await readdir(root))
    if (!left.has(name)) await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = await copySources();
  const node = async (...args: string[]) => await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 28 });
  return {
    async plant({ file, find, replace }) {
      const path = join(folder, file);
      const before = await readFile(path, 'utf8');
      await writeFile(
        path,
        before.replace(find, () => replace),
      );
      // a mistake may leave a name unused; what cannot be compiled at all fails the next line
      await node('node_modules/typescript/bin/tsc', '-p', '.').catch(() => undefined);
      await node('dist/worker/bundle.js');
      // the gateway starts only with the files of its page
      await node('node_modules/typescript/bin/tsc', '-p', 'gateway/page/browser');
      await node('dist/gateway/page/copy-files.js');
      return async () => await writeFile(path, before);
    },
    async failing(pattern, title) {
      const report = join(folder, 'report.json');
      const wanted = title === undefined ? [] : ['-t', title];
      await node(...jest, pattern, ...wanted, '-w', '1', '--json', `--outputFile=${report}`, '--forceExit').catch(
        () => undefined,
      );
      return failed(JSON.parse(await readFile(report, 'utf8')) as Report);
    },
    async chaos(what) {
      const options = 'plan' in what ? { plan: JSON.stringify(what.plan) } : { ...what, processes: 1 };
      const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
      const told = await node('dist/test/simulation/chaos-command.js', ...args).then(
        () => undefined,
        (error: unknown) => String((error as { stdout?: string }).stdout),
      );
      if (told === undefined) return undefined;
      const [, problems, plan] =
        /(?:^|\n)failed: (.*?)(?:\nthe smallest plan.*--plan '(.*)')?$/s.exec(told.trim()) ?? [];
      if (problems === undefined) throw new Error(`chaos did not end by itself: ${told}`);
      return { problems, plan: plan ?? JSON.stringify('plan' in what ? what.plan : what) };
    },
    close: async () => await rm(folder, { recursive: true, force: true }),
  };
}

export const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

interface Report {
  numTotalTests: number;
  testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
}

function failed({ testResults }: Report): string[] {
  return testResults.flatMap(({ assertionResults, message }) => {
    const titles = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    // a test environment that finds a leak when it closes fails its file, not one test
    return titles.length > 0 || message === '' ? titles : [reasonIn(message)];
  });
}

/** Of what jest says of a file, the line that tells why it failed. */
function reasonIn(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('●')) ?? message;
}
