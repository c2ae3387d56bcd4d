import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Journal } from './journal.js';
import type { World } from './world.js';

const FORMAT = 1;
const EVERY_MS = 1000;
/** How the platform behaves. Each start sets it again. */
const ofEachStart = [
  'uniqueNames',
  'strict',
  'tokenTtlSeconds',
  'searchLagMs',
  'scheduledBackups',
  'reportDelay',
  'runDelay',
  'twoFactorOffDelay',
];

interface Snapshot {
  format: number;
  world: Record<string, unknown>;
  /** The tenants that were there at the very first start. */
  seeded: Set<string>;
}

/** Gives a new world what a file has kept, if there is one. Returns the tenants of the very first start. */
export function restoreWorld(world: World, file: string): Set<string> {
  if (!existsSync(file)) return new Set(world.tenants.keys());
  const { format, world: kept, seeded } = read(file);
  if (format !== FORMAT)
    throw new Error(`${file} was written by another version of this program. Remove it, or give another --db.`);
  Object.assign(world, kept);
  return seeded;
}

function read(file: string): Snapshot {
  try {
    return deserialize(readFileSync(file)) as Snapshot;
  } catch (error) {
    throw new Error(`${file} is not a file of a simulator. Remove it, or give another --db.`, { cause: error });
  }
}

/** Keeps a world in a file: a second after a change, and when it is stopped. */
export function keepWorld(
  { world, journal, seeded }: { world: World; journal: Journal; seeded: Set<string> },
  file: string,
): () => void {
  let saved = -1;
  const save = () => {
    const { count } = journal;
    if (count === saved) return;
    const snapshot: Snapshot = { format: FORMAT, world: dataOf(world), seeded };
    writeFileSync(`${file}.new`, serialize(snapshot), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    saved = count;
  };
  save();
  const timer = setInterval(save, EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    // also what was changed without a call
    saved = -1;
    save();
  };
}

/** Everything that is stored. What two parts of the world share is shared again after reading. */
function dataOf(world: World): Record<string, unknown> {
  const isStored = ([name, value]: [string, unknown]) => typeof value !== 'function' && !ofEachStart.includes(name);
  return Object.fromEntries(Object.entries(world).filter(isStored));
}
