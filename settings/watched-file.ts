import { readFile } from 'node:fs/promises';
import { setInterval } from 'node:timers/promises';
import { TenantryError, type InputProblem } from '../contract/errors.js';
import { decodeText } from '../contract/text-files.js';
import { readJsonFile, type FileReading } from './json-file.js';
import { whyUnreadable } from './unreadable.js';

/** A changed file counts within 15 seconds. */
const REREAD_MS = 5000;

export interface WatchedFileOptions<T extends object> {
  path: string;
  /** What the file as a whole is called in problems. */
  name: string;
  /** The setting that names the file. */
  setting: string;
  /** Reads the JSON of the file, or says why it cannot be used. */
  read(this: void, value: unknown): FileReading<T> | Promise<FileReading<T>>;
  /** Gets a sentence when a change takes effect, or when it cannot. A problem is reported once. */
  report(level: 'info' | 'error', message: string): void;
  rereadMs?: number;
  /** What counts where there is no such file; without it this is a problem. */
  missing?: T;
}

/**
 * A file of JSON that is read again every few seconds. While anything is wrong with it, the version before stays in
 * force.
 */
export class WatchedFile<T extends object> {
  private readonly stopping = new AbortController();

  private constructor(private value: T) {}

  /** Fails as `refused`, with every problem, when the file cannot be used now. */
  static async open<T extends object>(options: WatchedFileOptions<T>): Promise<WatchedFile<T>> {
    const file = new WatchedFile<T>(await load(options));
    void file.keepUpToDate(options);
    return file;
  }

  get current(): T {
    return this.value;
  }

  close(): void {
    this.stopping.abort();
  }

  private async keepUpToDate(options: WatchedFileOptions<T>): Promise<void> {
    const { path, report, rereadMs = REREAD_MS } = options;
    const { signal } = this.stopping;
    let reported: string | undefined;
    try {
      for await (const _ of setInterval(rereadMs, undefined, { signal, ref: false })) {
        const next = await load(options).catch((error: unknown) => error as Error);
        if (signal.aborted) return;
        const problem = next instanceof Error ? next.message : undefined;
        if (problem !== undefined && problem !== reported)
          report('error', `${problem}\nThe version before stays in force.`);
        if (problem === undefined && reported !== undefined) report('info', `${path} can be used again`);
        reported = problem;
        if (next instanceof Error || JSON.stringify(next) === JSON.stringify(this.value)) continue;
        this.value = next;
        report('info', `${path} has changed and is in force`);
      }
    } catch {
      // stopped
    }
  }
}

/** A file cannot be used: each problem with its path, and the setting that names the file, if one does. */
export function unusable(path: string, problems: readonly InputProblem[], setting?: string): TenantryError {
  const lines = problems.map((problem) => `  ${problem.path}: ${problem.message}`);
  const file = setting === undefined ? path : `${path} (${setting})`;
  return new TenantryError('refused', [`${file} cannot be used:`, ...lines].join('\n'), { problems });
}

/** Reads such a file once. Fails as `refused`, with every problem, when it cannot be used. */
export async function load<T extends object>({
  path,
  name,
  setting,
  read,
  missing,
}: Omit<WatchedFileOptions<T>, 'report'>): Promise<T> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && missing !== undefined) return undefined;
    throw unusable(path, [{ path: name, message: whyUnreadable(error) }], setting);
  });
  if (file === undefined) return missing!;
  const reading = await readJsonFile(textOf({ path, name, setting }, file), name, read);
  if ('problems' in reading) throw unusable(path, reading.problems, setting);
  return reading;
}

type Named = Pick<WatchedFileOptions<object>, 'path' | 'name' | 'setting'>;

function textOf({ path, name, setting }: Named, file: Uint8Array): string {
  try {
    return decodeText(file);
  } catch (error) {
    throw unusable(path, [{ path: name, message: `cannot be read: ${(error as Error).message}` }], setting);
  }
}
