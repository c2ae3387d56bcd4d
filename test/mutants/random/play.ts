import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { BrokenCopy } from './broken-copy.js';
import { drawMutants, type RandomMutant } from './draw.js';
import { harmless } from './harmless.js';
import { Hunter, type Hunted } from './hunt.js';
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
  line: string;
  change: string;
}

/** Breaks the product at random, says what notices each mutant, and whether nine of ten were caught. */
export async function playRandom({ count, seed, only, patience }: Play, say: (line: string) => void): Promise<boolean> {
  const copy = await BrokenCopy.make();
  const programs = await copy.programs(ROOMS);
  const hunter = new Hunter(copy, await Reach.open(MEMORY, programs), await Hunter.testsOf(copy), patience);
  const { first, last } = only ?? { first: 1, last: count };
  const survivors: string[] = [];
  let [caught, named] = [0, 0];
  const chosen = drawMutants(programs, count, seed).slice(first - 1, last);
  for (const [at, mutant] of chosen.entries()) {
    const described = await describe(copy, mutant, programs.get(mutant.file)!);
    const words = `${described.file}:${described.lineNumber}  ${described.change}\n       ${described.line}`;
    const reason = reasonOf(described);
    const hunted = reason === undefined ? await hunter.hunt(mutant, described.lineNumber) : undefined;
    if (hunted === undefined) named += 1;
    else if (hunted.caughtBy !== undefined) caught += 1;
    else survivors.push(words);
    say(
      `${String(at + first).padStart(3)}/${count}  ${words}\n       ${hunted ? outcomeOf(hunted) : `harmless: ${reason}`}`,
    );
  }
  say(`seed ${seed}: ${caught} of ${chosen.length} caught, ${named} harmless, ${survivors.length} survived`);
  for (const words of survivors) say(`survived: ${words}`);
  return caught + named >= chosen.length * 0.9;
}

async function describe(copy: BrokenCopy, mutant: RandomMutant, text: string): Promise<Described> {
  const [file = mutant.file, number = '1'] = copy.lines(mutant.file, text).at(mutant.start)?.split(':') ?? [];
  const lines = (await readFile(join(copy.folder, file), 'utf8')).split('\n');
  const was = text.slice(mutant.start, mutant.end);
  const change = `${mutant.kind}: ${short(was)} → ${short(mutant.replacement)}`;
  return { file, lineNumber: Number(number), line: lines[Number(number) - 1]!.trim(), change };
}

function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 59)}…` : flat;
}

function reasonOf({ file, line, change }: Described): string | undefined {
  return harmless.find((one) => one.file === file && one.line === line && one.change === change)?.reason;
}

function outcomeOf({ caughtBy, tried, untried }: Hunted): string {
  if (caughtBy !== undefined) return `caught by "${caughtBy}" (${tried} test files)`;
  return `SURVIVED ${tried} test files that reach it${untried > 0 ? `; ${untried} more were not tried` : ''}`;
}
