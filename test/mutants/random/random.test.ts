import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sourceOf } from '../workshop.js';
import { changesOf, nameOf } from './changes.js';
import { drawMutants } from './draw.js';
import { harmless } from './harmless.js';
import { SourceLines } from './lines.js';
import { Reach } from './reach.js';

const root = new URL('../../../../', import.meta.url).pathname;

/** The program after each change that is possible. */
function changed(program: string): string[] {
  return changesOf(program).map(({ start, end, becomes }) => program.slice(0, start) + becomes + program.slice(end));
}

describe('a program can be broken', () => {
  test.each([
    ['a comparison', 'x = a === b', ['x = a !== b', ';']],
    ['a limit', 'x = (a) < b', ['x = (a) <= b', ';']],
    ['a logical operator', 'x = a && b', ['x = a || b', ';']],
    ['a negation', 'x = !a', ['x = a', ';']],
    ['a number', 'x = 3', ['x = 4', ';']],
    ['a boolean', 'x = true', ['x = false', ';']],
    ['a word', "x = 'done'", ["x = ''", ';']],
    ['an empty text', "x = ''", ["x = '?'", ';']],
    ['a call', 'tell()', [';']],
    ['a condition', 'if (a) tell()', [';', 'if (a) ;']],
    ['an error', 'if (a) throw b', [';', 'if (a) ;']],
    [
      'a property and an element',
      'const x = { a, b: [c] }',
      ['const x = { ...{}, b: [c] }', 'const x = { a, ...{} }', 'const x = { a, b: [...[]] }'],
    ],
    ['the order of arguments', 'const x = f(a, b, c)', ['const x = f(b, a, c)', 'const x = f(a, c, b)']],
    ['the order of a constructor’s arguments', 'const x = new F(a, b)', ['const x = new F(b, a)']],
  ])('at %s', (_place, program, broken) => {
    expect(changed(program).toSorted()).toEqual(broken.toSorted());
  });

  test.each([
    ['a text for people', "const x = 'it is done'"],
    ['an import', "import { a } from './a.js'"],
    ['the name of a property', "const { 'a': b } = c"],
    ['arguments that are the same or spread', 'const x = f(a, a, ...b)'],
    ['a directive', "'use strict'"],
  ])('but not at %s', (_place, program) => {
    expect(changed(program)).toEqual([]);
  });
});

describe('chance', () => {
  const programs = new Map([
    ['a.js', 'tell(a, b); tell(c === 1)'],
    ['b.js', "if (x && y) z = [true, 'no']"],
  ]);
  const names = (seed: number, count = 6) =>
    drawMutants(programs, count, seed).map(({ file, start, end, kind }) => `${file} ${start}-${end} ${kind}`);

  test('draws the same for the same seed, and something else for another one', () => {
    expect(names(1)).toEqual(names(1));
    expect(names(1)).not.toEqual(names(2));
  });

  test('draws nothing twice, and no more than there is', () => {
    const all = names(1, 100);

    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength([...programs.values()].flatMap(changesOf).length);
  });
});

describe('lines of the sources', () => {
  const path = join(root, 'dist/activities/batches.js');
  let lines: SourceLines;
  let source: string[];
  beforeAll(async () => {
    lines = new SourceLines(root, path, await readFile(path, 'utf8'));
    source = (await sourceOf('activities/batches.ts')).split('\n');
  });
  const lineAt = (place: string | undefined) => source[Number(place?.split(':')[1]) - 1];

  test('a place in a compiled file is found in its source', () => {
    const at = lines.text.indexOf('for (');

    expect(lines.at(at)).toMatch(/^activities\/batches\.ts:\d+$/);
    expect(lineAt(lines.at(at))).toContain('for (');
  });

  test('a line that the compiler has joined begins at its first line in the source', () => {
    const at = lines.text.indexOf('act(part)');

    expect(lines.begunAt(at)).toBe(lines.at(at));
    expect(lineAt(lines.begunAt(lines.text.indexOf('parts, act,')))).toContain('export async function');
  });

  test('a line is reached when the innermost range around it ran', () => {
    const at = lines.text.indexOf('for (');
    const whole = { startOffset: 0, endOffset: lines.text.length, count: 1 };
    const unused = { startOffset: at, endOffset: lines.text.indexOf('\n', at), count: 0 };

    expect(lines.reached([whole])).toContain(lines.at(at));
    expect(lines.reached([unused, whole])).not.toContain(lines.at(at));
    expect(lines.reached([])).toEqual(new Set());
  });
});

describe('what tests reach', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantry-reach-'));
  });
  afterAll(async () => await rm(folder, { recursive: true }));

  test('is known until the test or the file changes', async () => {
    const path = join(folder, 'reach.json');
    const reach = await Reach.open(
      path,
      new Map([
        ['activities/a.js', '1'],
        ['activities/b.js', '1'],
      ]),
    );
    await reach.record('a.test.js', 'test', 7, new Set(['activities/a.ts:3', 'contract/x.ts:1']));
    const later = await Reach.open(
      path,
      new Map([
        ['activities/a.js', '1'],
        ['activities/b.js', '2'],
      ]),
    );

    expect(later.seconds('a.test.js')).toBe(7);
    expect(later.reaches('a.test.js', 'test', 'activities/a.js', 3)).toBe(true);
    expect(later.reaches('a.test.js', 'test', 'activities/a.js', 4)).toBe(false);
    expect(later.reaches('a.test.js', 'test', 'activities/b.js', 3)).toBeUndefined();
    expect(later.reaches('a.test.js', 'another test', 'activities/a.js', 3)).toBeUndefined();
    expect(later.reaches('b.test.js', 'test', 'activities/a.js', 3)).toBeUndefined();
  });
});

test.each(harmless)('$file can be changed by the harmless $change', async ({ file, line, change }) => {
  const compiled = await readFile(join(root, 'dist', file.replace(/\.ts$/, '.js')), 'utf8');

  expect((await sourceOf(file)).split('\n').map((text) => text.trim())).toContain(line);
  expect(changesOf(compiled).map(nameOf)).toContain(change);
});
