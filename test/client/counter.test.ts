import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createCounter } from '../../client/cli/counter.js';

const ERASE_LINE = '\u001b[2K';

/** What is shown on such a stream for these numbers. */
function shown(isTTY: boolean, ...numbers: number[]): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  const counter = createCounter(stream as unknown as NodeJS.WriteStream);
  for (const done of numbers) counter.show(done, `${done} read`);
  counter.end();
  return (stream.read() as Buffer | null)?.toString() ?? '';
}

test('in a pipe every hundred is a line, also when the next count begins', () => {
  expect(shown(false, 10, 90, 100, 110, 205, 210, 10, 100)).toBe('100 read\n205 read\n100 read\n');
});

test('on a terminal one line is drawn again, and is gone at the end', () => {
  const text = shown(true, 10, 20);
  expect(text).toContain('10 read');
  expect(text).toContain('20 read');
  expect(text.slice(text.lastIndexOf('20 read'))).toContain(ERASE_LINE);
});
