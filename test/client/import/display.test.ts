import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createImportDisplay, progressLine, Rate, timeText } from '../../../client/cli/import/progress.js';
import { resultPath, writeResults } from '../../../client/cli/import/result-file.js';
import type { RolloutStatus } from '../../../contract/rollout.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-import-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

function status(counts: Partial<RolloutStatus['counts']>, all = 200): RolloutStatus {
  const none = { waiting: 0, underWay: 0, done: 0, failed: 0, skipped: 0 };
  return {
    counts: { ...none, ...counts },
    customers: Array.from({ length: all }, () => ({})),
  } as unknown as RolloutStatus;
}

describe('how far an import is', () => {
  test.each([
    [{ waiting: 200 }, undefined, '░░░░░░░░░░░░░░░░░░░░░░░░ 0 of 200 (0 %)'],
    [
      { done: 97, failed: 2, skipped: 1 },
      2,
      '████████████░░░░░░░░░░░░ 100 of 200 (50 %), 2 failed, 1 skipped, 2.0 rows/s, 50 s left',
    ],
    [{ done: 20 }, 0.05, '██░░░░░░░░░░░░░░░░░░░░░░ 20 of 200 (10 %), 3.0 rows/min, 1 h 0 min left'],
    [{ done: 199, failed: 1 }, 2, '████████████████████████ 200 of 200 (100 %), 1 failed'],
  ])('%j', (counts, perSecond, line) => {
    expect(progressLine(status(counts), perSecond)).toBe(line);
  });

  test('the rate is that of the last minute', () => {
    const rate = new Rate();
    expect(rate.perSecond).toBeUndefined();
    for (let second = 0; second <= 600; second += 1)
      rate.add(second < 500 ? second * 10 : 5000 + second - 500, second * 1000);

    expect(rate.perSecond).toBeCloseTo(1, 5);
  });

  test.each([
    [400, '1 s'],
    [61_000, '1 min 1 s'],
    [7_261_000, '2 h 1 min'],
  ])('%i milliseconds are %s', (ms, text) => {
    expect(timeText(ms)).toBe(text);
  });

  test('off a terminal is said now and then', () => {
    let [now, written] = [0, ''];
    const stream = { isTTY: false, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
    const display = createImportDisplay(stream, () => now);
    for (; now <= 90_000; now += 1000) display.show(status({ done: now / 1000 }));
    display.end();

    expect(written.match(/\d+ of 200/g)).toEqual(['0 of 200', '30 of 200', '60 of 200', '90 of 200']);
  });
});

describe('the file of results', () => {
  const results = [
    { ref: '=1+2', line: 2, outcome: 'done', state: 'steady', tenantId: 'id-1' },
    { ref: 'C-2', line: 4, outcome: 'failed', why: 'it has "quotes", and more' },
  ] as const;

  test('has one line for each row, and nothing in it is run as a formula', async () => {
    await writeResults(at('outcome.csv'), results);

    expect(readFileSync(at('outcome.csv'), 'utf8')).toBe(
      'ref,line,outcome,state,tenantId,why\r\n\'=1+2,2,done,steady,id-1,\r\nC-2,4,failed,,,"it has ""quotes"", and more"\r\n',
    );
  });

  test('is JSON by its name, and takes the place of the one before', async () => {
    writeFileSync(at('outcome.json'), 'before');
    await writeResults(at('outcome.json'), results);

    expect(JSON.parse(readFileSync(at('outcome.json'), 'utf8'))).toEqual(results);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test.each([
    ['customers.csv', undefined, 'customers.result.csv'],
    ['-', undefined, 'import.result.csv'],
    ['customers', undefined, 'customers.result.csv'],
    ['customers.csv', 'other.json', 'other.json'],
  ])('of %s with --result %s is %s', async (file, given, path) => {
    expect(await resultPath(file, given)).toBe(path);
  });

  test.each([
    ['customers.csv', 'out.txt', 'must end with .csv or .json'],
    ['customers.csv', './customers.csv', 'is the file that is imported'],
    ['customers.csv', 'no/such/folder/out.csv', 'cannot be written'],
  ])('of %s is not %s', async (file, given, why) => {
    await expect(resultPath(file, given)).rejects.toThrow(why);
  });
});
