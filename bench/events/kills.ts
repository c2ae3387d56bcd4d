import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../test/simulation/seeded-random.js';
import type { Installation } from './installation.js';

/** Who is killed when this part of the deliveries is taken. */
const scenes = [
  [0.2, 'gateway'],
  [0.4, 'worker'],
  [0.6, 'gateway'],
  [0.8, 'worker'],
] as const;
const EARLIER_OR_LATER = 0.1;
const LONGEST_PAUSE_MS = 3000;

interface Progress {
  /** The part of the deliveries that is taken, from 0 to 1. */
  taken: () => number;
  /** Whether the gateway has a delivery just now. */
  isSending: () => boolean;
  random: SeededRandom;
  say: (line: string) => void;
  ended: AbortSignal;
}

/** Kills gateway and worker twice each (SIGKILL) in the middle of a delivery, and starts them again after a moment. */
export async function killOnTheWay(
  installation: Installation,
  { taken, isSending, random, say, ended }: Progress,
): Promise<void> {
  for (const [part, name] of scenes) {
    const at = part + (random.next() - 0.5) * EARLIER_OR_LATER;
    while (!ended.aborted && (taken() < at || !isSending())) await sleep(1);
    if (ended.aborted) return;
    const pause = Math.round(random.next() * LONGEST_PAUSE_MS);
    say(`  SIGKILL of the ${name}, started again after ${pause} ms`);
    await installation[name].replace(pause);
  }
}
