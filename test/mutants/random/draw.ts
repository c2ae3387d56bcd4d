import { SeededRandom } from '../../simulation/seeded-random.js';
import { changesOf, kinds, type Change } from './changes.js';

/** A change of one compiled file of the product. */
export interface RandomMutant extends Change {
  /** The compiled file, from the folder of compiled files. */
  file: string;
}

/**
 * Draws this many changes from these programs: first the kind, so that rare kinds come as often as common ones, then
 * the place. The same seed and the same programs give the same changes; none comes twice.
 */
export function drawMutants(programs: ReadonlyMap<string, string>, count: number, seed: number): RandomMutant[] {
  const random = new SeededRandom(seed);
  const all = [...programs].flatMap(([file, text]) => changesOf(text).map((change) => ({ file, ...change })));
  const pools = kinds.map((kind) => all.filter((mutant) => mutant.kind === kind));
  const drawn: RandomMutant[] = [];
  while (drawn.length < count) {
    const open = pools.filter((pool) => pool.length > 0);
    if (open.length === 0) break;
    const pool = open[random.between(0, open.length - 1)]!;
    drawn.push(...pool.splice(random.between(0, pool.length - 1), 1));
  }
  return drawn;
}
