import { expect, test } from '@jest/globals';
import { writeResults } from '../../../client/cli/import/result-file.js';

test('results that cannot be written are named with the remedy', async () => {
  const results = [{ ref: 'C-1', line: 2, outcome: 'done' }] as const;

  await expect(writeResults('/proc/results.csv', results)).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringMatching(/^\/proc\/results\.csv cannot be written: .*; make room, or name another file/),
  });
});
