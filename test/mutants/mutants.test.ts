import { expect, test } from '@jest/globals';
import { mutants } from './mutants.js';
import { sourceOf } from './workshop.js';

test.each(mutants.map((mutant) => [mutant.mistake, mutant] as const))(
  'the place where "%s" would be is there',
  async (_words, { file, find, replace }) => {
    const parts = (await sourceOf(file)).split(find);

    expect(parts).toHaveLength(2);
    expect(replace).not.toBe(find);
  },
);
