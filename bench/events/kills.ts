import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../test/simulation/seeded-random.js';
import type { Installation } from './installation.js';

interface Progress {
  /** The part of the deliveries that is taken, from 0 to 1. */
  taken: () => number;
  /** Whether the gateway has a delivery just now. */
  isSending: () => boolean;
  /** The part of the customers that have a tenant. */
  created: () => number;
  random: SeededRandom;
  say: (line: string) => void;
  ended: AbortSignal;
}

const EARLIER_OR_LATER = 0.1;
const LONGEST_PAUSE_MS = 3000;

/**
 * Kills the gateway twice in the middle of a delivery, and the worker twice while it creates customers (SIGKILL). Each is
 * started again after a moment.
 */
export async function killOnTheWay(installation: Installation, progress: Progress): Promise<void> {
  const { taken, isSending, created, random, say, ended } = progress;
  const killAt = async (name: 'gateway' | 'worker', isTime: () => boolean) => {
    const pause = Math.round(random.next() * LONGEST_PAUSE_MS);
    while (!ended.aborted && !isTime()) await sleep(1);
    if (ended.aborted) return;
    say(`  SIGKILL of the ${name}, started again after ${pause} ms`);
    await installation[name].replace(pause);
  };
  const around = (part: number) => part + (random.next() - 0.5) * EARLIER_OR_LATER;
  const killGateway = async (part: number) => await killAt('gateway', () => taken() >= part && isSending());
  const killWorker = async (part: number) => await killAt('worker', () => created() >= part);
  await Promise.all([
    killGateway(around(0.3)).then(() => killGateway(around(0.7))),
    killWorker(around(0.2)).then(() => killWorker(around(0.5))),
  ]);
}
