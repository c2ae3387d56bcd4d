import { expect, test } from '@jest/globals';
import { retryLostUpdate } from '../../client/decisions.js';

/** The answer of the server when the workflow task that carried an update has failed. */
function failure(code: number, details: string): Error {
  const cause = Object.assign(new Error(details), { code, details, metadata: {} });
  return Object.assign(new Error('Workflow Update failed'), { cause });
}

const dropped = () =>
  failure(9, 'Unable to perform workflow execution update due to unexpected workflow task failure.');

test('an update that the server dropped is sent again', async () => {
  const answers = [dropped(), dropped()];
  const sent = retryLostUpdate(async () => {
    const error = answers.shift();
    if (error !== undefined) throw error;
    return 'received';
  });

  expect(await sent).toBe('received');
});

test.each([
  ['an update that is dropped every time', dropped(), 5],
  ['another answer of the server', failure(14, 'unavailable'), 1],
  ['a refusal', new Error('refused'), 1],
])('%s is thrown in the end', async (_words, error, times) => {
  let tries = 0;
  const sent = retryLostUpdate(async () => {
    tries += 1;
    throw error;
  });

  await expect(sent).rejects.toBe(error);
  expect(tries).toBe(times);
});
