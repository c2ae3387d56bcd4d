import { describe, expect, test } from '@jest/globals';
import type { Edit } from './mutant.js';
import { mutants } from './mutants.js';
import { proofs } from './of-checks.js';
import { sourceOf } from './workshop.js';

async function expectOneAnchor({ file, find, replace }: Edit) {
  const parts = (await sourceOf(file)).split(find);

  expect(parts).toHaveLength(2);
  expect(replace).not.toBe(find);
}

test.each(mutants.map((mutant) => [mutant.mistake, mutant] as const))(
  'the place where "%s" would be is there',
  async (_words, mutant) => await expectOneAnchor(mutant),
);

describe.each(proofs.map((proof) => [proof.invariant, proof] as const))('that "%s" is proved by', (_words, proof) => {
  test('a check that is in the judge', async () => await expectOneAnchor(proof.check));

  test('a bug whose place is there', async () => await expectOneAnchor(proof.bug));
});
