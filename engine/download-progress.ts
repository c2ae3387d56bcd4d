import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const EVERY_MS = 5000;
const MEGABYTE = 1_000_000;

/** Logs how much has arrived in a folder, every few seconds while `download` runs. */
export async function withProgress<T>(
  { folder, log, everyMs = EVERY_MS }: { folder: string; log?: ((line: string) => void) | undefined; everyMs?: number },
  download: () => Promise<T>,
): Promise<T> {
  let last = 0;
  const report = async () => {
    const megabytes = Math.floor((await sizeOf(folder)) / MEGABYTE);
    if (megabytes > last) log?.(`engine: ${megabytes} MB so far`);
    last = Math.max(last, megabytes);
  };
  const timer = setInterval(() => void report(), everyMs);
  try {
    return await download();
  } finally {
    clearInterval(timer);
  }
}

/** In bytes. Files that vanish meanwhile count as nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(
    files.map(
      async (file) =>
        await stat(file).then(
          ({ size }) => size,
          () => 0,
        ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
