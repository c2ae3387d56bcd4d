import { afterEach, expect, jest, test } from '@jest/globals';
import { showState } from '../../client/cli/output.js';
import { TenantryError } from '../../contract/errors.js';

const printed = { out: '', err: '' };
jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((printed.out += String(text))));
jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((printed.err += String(text))));
afterEach(() => void Object.assign(printed, { out: '', err: '' }));

test('after an accepted request the state is shown', async () => {
  await showState(async () => 'steady');
  expect(printed).toEqual({ out: 'steady\n', err: '' });
});

test.each([
  ['Temporal does not answer', () => Promise.reject(new TenantryError('unavailable', 'no worker answers'))],
  ['of a bug', () => Promise.reject(new TypeError('no worker answers'))],
])('an accepted request stays accepted when its state cannot be shown because %s', async (_why, read) => {
  await showState(read);
  expect(printed).toEqual({
    out: '',
    err: expect.stringMatching(/^How it is now cannot be shown: .*no worker answers/),
  });
});

test('a state that is not there is not shown', async () => {
  await showState(async () => undefined);
  expect(printed).toEqual({ out: '', err: '' });
});
