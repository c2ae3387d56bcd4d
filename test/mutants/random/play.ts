import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { BrokenCopy } from './broken-copy.js';
import { nameOf } from './changes.js';
import { drawMutants, type RandomMutant } from './draw.js';
import { harmless } from './harmless.js';
import { Hunter } from './hunt.js';
import { Reach } from './reach.js';

/** The rooms in which chance breaks something. */
const ROOMS = ['activities', 'workflows', 'acronis', 'vault'];

/** What is known of the tests, for the next call. */
const MEMORY = join(tmpdir(), 'tenantry-mutants-reach.json');

export interface Play {
  /** How many mutants are drawn. */
  count: number;
  seed: number;
  /** Only these of the drawn ones; the first is 1. */
  only?: { first: number; last: number };
  /** After how many seconds the search for a test that notices a mutant ends. */
  patience: number;
}

/** A mutant in the words of the source. */
interface Described {
  file: string;
  lineNumber: number;
  /** The line of the source from which its compiled line begins. */
  begunAt: number;
  line: string;
  change: string;
}

/** What became of a mutant. */
interface End {
  end: 'caught' | 'refused by the compiler' | 'harmless' | 'survived';
  words: string;
}

/** Breaks the product at random, says what notices each mutant, and whether nine of ten were noticed or are harmless. */
export async function playRandom({ count, seed, only, patience }: Play, say: (line: string) => void): Promise<boolean> {
  const copy = await BrokenCopy.make();
  const programs = await copy.programs(ROOMS);
  const hunter = new Hunter(copy, await Reach.open(MEMORY, programs), await Hunter.testsOf(copy), patience);
  const { first, last } = only ?? { first: 1, last: count };
  const ends: End['end'][] = [];
  const survivors: string[] = [];
  for (const [at, mutant] of drawMutants(programs, count, seed)
    .slice(first - 1, last)
    .entries()) {
    const described = await describe(copy, mutant, programs.get(mutant.file)!);
    const { end, words } = await tryOne(copy, hunter, mutant, described);
    const place = `${at + first}/${count}  ${described.file}:${described.lineNumber}  ${described.change}\n    ${described.line}`;
    say(`${place}\n    ${words}`);
    ends.push(end);
    if (end === 'survived') survivors.push(place);
  }
  const many = (wanted: End['end']) => ends.filter((end) => end === wanted).length;
  const kinds = (['caught', 'refused by the compiler', 'harmless', 'survived'] as const).map(
    (end) => `${many(end)} ${end}`,
  );
  say(`seed ${seed}, ${ends.length} of ${count}: ${kinds.join(', ')}`);
  for (const place of survivors) say(place);
  return survivors.length <= ends.length / 10;
}

async function tryOne(copy: BrokenCopy, hunter: Hunter, mutant: RandomMutant, described: Described): Promise<End> {
  const { file, lineNumber, begunAt, line, change } = described;
  const known = harmless.find((one) => one.file === file && one.line === line && one.change === change);
  if (known) return { end: 'harmless', words: `harmless: ${known.reason}` };
  const { caughtBy, tried, untried } = await hunter.hunt(mutant, begunAt);
  if (caughtBy !== undefined) return { end: 'caught', words: `caught by "${caughtBy}" (${tried} test files)` };
  if ((await copy.compiles(file, lineNumber, mutant)) === false)
    return { end: 'refused by the compiler', words: `refused by the compiler (and by none of ${tried} test files)` };
  const more = untried > 0 ? `; ${untried} more test files were not tried` : '';
  return { end: 'survived', words: `SURVIVED ${tried} test files that reach it${more}` };
}

async function describe(copy: BrokenCopy, mutant: RandomMutant, text: string): Promise<Described> {
  const sourceLines = copy.lines(mutant.file, text);
  const [file = mutant.file, number = '1'] = sourceLines.at(mutant.start)?.split(':') ?? [];
  const begunAt = Number(sourceLines.begunAt(mutant.start)?.split(':')[1] ?? number);
  const lines = (await readFile(join(copy.folder, file), 'utf8')).split('\n');
  const change = nameOf(mutant);
  return { file, lineNumber: Number(number), begunAt, line: lines[Number(number) - 1]!.trim(), change };
}
