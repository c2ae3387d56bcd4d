import { expect, test } from '@jest/globals';
import { retryLostUpdate } from '../../client/decisions.js';

/** As the server answers when a task in which a run was told something has failed. */
function failure(code: number, details: string): Error {
  const cause = Object.assign(new Error(details), { code, details, metadata: {} });
  return Object.assign(new Error('Workflow Update failed'), { cause });
}

const takenBack = () =>
  failure(9, 'Unable to perform workflow execution update due to unexpected workflow task failure.');

test('what the server takes back is told again', async () => {
  const answers = [takenBack(), takenBack()];
  const told = retryLostUpdate(async () => {
    const error = answers.shift();
    if (error !== undefined) throw error;
    return 'heard';
  });

  expect(await told).toBe('heard');
});

test.each([
  ['what is taken back again and again', takenBack(), 5],
  ['another answer of the server', failure(14, 'unavailable'), 1],
  ['a refusal', new Error('refused'), 1],
])('%s is told at last', async (_words, error, times) => {
  let tries = 0;
  const told = retryLostUpdate(async () => {
    tries += 1;
    throw error;
  });

  await expect(told).rejects.toBe(error);
  expect(tries).toBe(times);
});
