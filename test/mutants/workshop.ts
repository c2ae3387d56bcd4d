import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const left = new Set(['node_modules', 'dist', '.git']);

/** The source of a file of the product as it is. */
export async function sourceOf(file: string): Promise<string> {
  return await readFile(join(root, file), 'utf8');
}

/** A copy of the product in which it can be broken. */
export interface Workshop {
  /** Puts other text into a file, builds, and gives back a function that mends it. */
  breakFile(file: string, source: string): Promise<() => Promise<void>>;
  /** Titles of the tests that fail among these. */
  failing(pattern: string, title: string | undefined): Promise<string[]>;
  close(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-mutants-'));
  for (const name of await readdir(root))
    if (!left.has(name)) await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const node = async (...args: string[]) => await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 28 });
  return {
    async breakFile(file, source) {
      const path = join(folder, file);
      const before = await readFile(path, 'utf8');
      await writeFile(path, source);
      // a mistake may leave a name unused; what cannot be compiled at all fails the next line
      await node('node_modules/typescript/bin/tsc', '-p', '.').catch(() => undefined);
      await node('dist/worker/bundle.js');
      return async () => await writeFile(path, before);
    },
    async failing(pattern, title) {
      const report = join(folder, 'report.json');
      const wanted = title === undefined ? [] : ['-t', title];
      const jest = [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
      ];
      await node(...jest, pattern, ...wanted, '--json', `--outputFile=${report}`, '--forceExit').catch(() => undefined);
      return failed(JSON.parse(await readFile(report, 'utf8')) as Report);
    },
    close: async () => await rm(folder, { recursive: true, force: true }),
  };
}

interface Report {
  numTotalTests: number;
  testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
}

function failed({ testResults }: Report): string[] {
  return testResults.flatMap(({ assertionResults, message }) => {
    const titles = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    // a house that finds a leak when it closes fails its file, not one test
    return titles.length > 0 || message === '' ? titles : [message.split('\n')[0]!];
  });
}
