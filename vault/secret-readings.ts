import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppendedLines } from './appended-lines.js';

const FILE = 'readings.jsonl';
const EXTENSION = '.given';

/** That somebody has read the value of a stored secret. */
export interface SecretReading {
  name: string;
  /** A user of this machine, or the name of a key of the HTTP API. */
  by: string;
  over: 'command line' | 'http api';
  reason?: string | undefined;
}

/** To whom a token was given first, and when. */
export interface Given {
  at: string;
  by: string;
}

/** Who has read which secret. It is kept in the folder of the store, and never has a value. */
export interface SecretReadings {
  /** Resolves when the line is on the disk: only then the value may be shown. Rejects when it cannot be written. */
  note(reading: SecretReading): Promise<void>;
  /**
   * Says of a token that it is given now, once among all processes that share the folder. Undefined when it was not given
   * before. `id`: of the token, because the next one has the same name.
   */
  giveOnce(name: string, id: string, by: string): Promise<Given | undefined>;
  /** Takes back what `giveOnce` has said, when the token was not given after all. */
  takeBack(name: string, id: string): Promise<void>;
}

export function secretReadings(folder: string): SecretReadings {
  const fileOf = (name: string, id: string) => {
    const token = createHash('sha256').update(`${name} ${id}`).digest('hex').slice(0, 32);
    return join(folder, `${token}${EXTENSION}`);
  };
  return {
    async note({ name, by, over, reason }) {
      const lines = await AppendedLines.open(join(folder, FILE));
      await lines.write({ at: new Date().toISOString(), name, by, over, ...(reason !== undefined && { reason }) });
    },
    async giveOnce(name, id, by) {
      const given: Given = { at: new Date().toISOString(), by };
      try {
        await writeFile(fileOf(name, id), JSON.stringify({ ...given, name }), { flag: 'wx', mode: 0o600, flush: true });
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        return await before(fileOf(name, id));
      }
    },
    async takeBack(name, id) {
      await rm(fileOf(name, id), { force: true });
    },
  };
}

/** Another process may be about to write it. */
async function before(path: string): Promise<Given> {
  try {
    const { at, by } = JSON.parse(await readFile(path, 'utf8')) as Given;
    return { at, by };
  } catch {
    return { at: new Date().toISOString(), by: 'another request' };
  }
}
