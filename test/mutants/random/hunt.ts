import type { BrokenCopy } from './broken-copy.js';
import type { RandomMutant } from './draw.js';
import type { Reach } from './reach.js';

/** Folders of tests that need no Temporal server, and then those that do, with a guess how many seconds a file takes. */
const FAST = { acronis: 2, vault: 2, activities: 5, properties: 5, simulation: 60 };
const SLOW = { workflows: 20, client: 30, worker: 60, 'simulation/on-engine': 400 };

/** A test that starts servers can fail because the machine is busy. */
const isSlow = (test: string) => Object.keys(SLOW).some((folder) => test.startsWith(`test/${folder}/`));

/** What became of a mutant. */
export interface Hunted {
  /** The test that noticed it. */
  caughtBy?: string;
  /** How many test files that reach it have run. */
  tried: number;
  /** How many more there are, for which the patience was too short. */
  untried: number;
}

/** Looks for a test that notices a mutant, among those that reach its line: fast ones first. */
export class Hunter {
  /** Test files that fail without a mutant. */
  private readonly leftOut = new Set<string>();

  constructor(
    private readonly copy: BrokenCopy,
    private readonly reach: Reach,
    private readonly tests: readonly string[],
    private readonly patienceSeconds: number,
  ) {}

  static async testsOf(copy: BrokenCopy): Promise<string[]> {
    return await copy.files(
      Object.keys({ ...FAST, ...SLOW })
        .filter((folder) => !folder.includes('/'))
        .map((folder) => `test/${folder}`),
      /\.test\.js$/,
    );
  }

  async hunt(mutant: RandomMutant, line: number): Promise<Hunted> {
    const { plant, repair } = await this.copy.prepare(mutant);
    const open = [...this.tests].sort((one, other) => this.rank(one) - this.rank(other));
    const began = Date.now();
    let tried = 0;
    for (;;) {
      const batch = await this.nextBatch(open, began, mutant.file, line);
      if (batch.length === 0) break;
      await plant();
      const failure = await this.failure(batch);
      await repair();
      tried += batch.length;
      if (failure !== undefined) return { caughtBy: failure, tried, untried: 0 };
    }
    return { tried, untried: open.length };
  }

  /** Takes the next tests that reach the line off the list: some that together take about as long as all before. */
  private async nextBatch(open: string[], began: number, file: string, line: number): Promise<string[]> {
    const batch: string[] = [];
    const enough = Math.max(15, (Date.now() - began) / 2000);
    let seconds = 0;
    while (open.length > 0 && seconds < enough && Date.now() - began < this.patienceSeconds * 1000) {
      const test = open.shift()!;
      if (!(await this.reaches(test, file, line))) continue;
      batch.push(test);
      seconds += this.seconds(test);
    }
    return batch;
  }

  private async reaches(test: string, file: string, line: number): Promise<boolean> {
    if (this.leftOut.has(test)) return false;
    const text = await this.copy.read(test);
    const known = this.reach.reaches(test, text, file, line);
    if (known !== undefined) return known;
    const { failure, seconds, lines } = await this.copy.measure(test, this.limitMs([test]));
    if (failure !== undefined) {
      this.leftOut.add(test);
      process.stderr.write(`${test} fails without a mutant, and is left out: ${failure}\n`);
      return false;
    }
    await this.reach.record(test, text, seconds, lines);
    return this.reach.reaches(test, text, file, line) ?? false;
  }

  private async failure(batch: readonly string[]): Promise<string | undefined> {
    const { failure } = await this.copy.test(batch, this.limitMs(batch));
    if (failure === undefined || !batch.some(isSlow)) return failure;
    return (await this.copy.test(batch, this.limitMs(batch))).failure;
  }

  private limitMs(tests: readonly string[]): number {
    return 90_000 + 4000 * tests.reduce((sum, test) => sum + this.seconds(test), 0);
  }

  private seconds(test: string): number {
    return this.reach.seconds(test) ?? guess(test);
  }

  /** Tests without a server come first, of these the measured ones, of these the short ones. */
  private rank(test: string): number {
    return this.seconds(test) + (this.reach.seconds(test) === undefined ? 1e4 : 0) + (isSlow(test) ? 1e5 : 0);
  }
}

function guess(test: string): number {
  const folders = Object.entries({ ...FAST, ...SLOW }).filter(([folder]) => test.startsWith(`test/${folder}/`));
  return Math.max(...folders.map(([, seconds]) => seconds));
}
