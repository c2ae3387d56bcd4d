import { createHash } from 'node:crypto';
import { appendFile, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MatrixShare, Row } from '../test/simulation/matrix.js';

/** What decides how a cell ends: everything that is built but the benchmarks. */
const BUILT = fileURLToPath(new URL('..', import.meta.url));

interface Line {
  code: string;
  share: MatrixShare;
  rows: Row[];
}

/** The shares of the matrix that have ended. */
export interface DoneShares {
  rows: Row[];
  has(share: MatrixShare): boolean;
  keep(share: MatrixShare, rows: Row[]): Promise<void>;
}

/**
 * Reads and extends a file with one JSON line per share that has ended. Without a file nothing is kept.
 * Throws if the file is of other code: its cells would say nothing about this one.
 */
export async function openDoneShares(file: string | undefined): Promise<DoneShares> {
  const code = await hashOfBuild();
  const done = file === undefined ? [] : await readLines(file);
  if (done.some((line) => line.code !== code))
    throw new Error(`${file} is of another build. Name a new file with --done.`);
  const nameOf = ({ start, part }: MatrixShare) => `${start}.${part}`;
  const names = new Set(done.map(({ share }) => nameOf(share)));
  return {
    rows: done.flatMap(({ rows }) => rows),
    has: (share) => names.has(nameOf(share)),
    keep: async (share, rows) => {
      if (file !== undefined) await appendFile(file, `${JSON.stringify({ code, share, rows } satisfies Line)}\n`);
    },
  };
}

async function readLines(file: string): Promise<Line[]> {
  const lines = (await readOrEmpty(file)).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

async function hashOfBuild(): Promise<string> {
  const files = (await readdir(BUILT, { recursive: true })).filter(
    (file) => file.endsWith('.js') && !file.startsWith('bench/'),
  );
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(file).update(await readFile(join(BUILT, file)));
  return hash.digest('hex').slice(0, 16);
}
