import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

/** How long a test file takes, and which lines it reaches. */
interface Measured {
  /** Of the compiled test file. */
  digest: string;
  seconds: number;
  /** For each compiled file of the product: its digest, and the lines of its source that the test reaches. */
  files: Record<string, { digest: string; lines: number[] }>;
}

/** What is known of the test files. It is kept in a file, since to measure them all takes as long as all tests. */
export class Reach {
  private constructor(
    private readonly path: string,
    private readonly digests: ReadonlyMap<string, string>,
    private readonly tests: Record<string, Measured>,
  ) {}

  static async open(path: string, programs: ReadonlyMap<string, string>): Promise<Reach> {
    const digests = new Map([...programs].map(([file, text]) => [file, digestOf(text)]));
    const kept = await readFile(path, 'utf8').catch(() => '{}');
    return new Reach(path, digests, JSON.parse(kept) as Record<string, Measured>);
  }

  /** How many seconds the test file took when it was measured. */
  seconds(test: string): number | undefined {
    return this.tests[test]?.seconds;
  }

  /** Whether a test file reaches a line of the source of a compiled file. Nothing when this is not known of the two as they are now. */
  reaches(test: string, testText: string, file: string, line: number): boolean | undefined {
    const known = this.tests[test];
    if (known?.digest !== digestOf(testText)) return undefined;
    const there = known.files[file];
    return there?.digest === this.digests.get(file) ? there?.lines.includes(line) : undefined;
  }

  async record(test: string, testText: string, seconds: number, reached: ReadonlySet<string>): Promise<void> {
    const files: Measured['files'] = {};
    for (const [file, digest] of this.digests) files[file] = { digest, lines: [] };
    for (const place of reached) {
      const [source = '', line] = place.split(':');
      files[source.replace(/\.(c?)ts$/, '.$1js')]?.lines.push(Number(line));
    }
    this.tests[test] = { digest: digestOf(testText), seconds, files };
    await writeFile(this.path, JSON.stringify(this.tests));
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
