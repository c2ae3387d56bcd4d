import { constants, type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { decodeText } from '../contract/text-files.js';

const MAX_BYTES = 64 * 1024;

/**
 * Reads a file that is really in the folder, wherever its links lead. Fails with an error that says what is wrong with
 * the file, and never shows its content. White space at the end is dropped.
 */
export async function readSecretFile(folder: string, name: string): Promise<string> {
  const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]).catch(() => {
    throw new Error('cannot be found');
  });
  const within = relative(root, path);
  if (within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within))
    throw new Error('is a link that leads out of that folder');
  // without waiting: a pipe would keep the process until somebody writes into it
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch(() => {
    throw new Error('cannot be read');
  });
  try {
    return toText(await readWhole(file));
  } finally {
    await file.close();
  }
}

async function readWhole(file: FileHandle): Promise<Uint8Array> {
  if (!(await file.stat()).isFile()) throw new Error('is not a regular file');
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MAX_BYTES + 1) });
  if (bytesRead > MAX_BYTES) throw new Error('is larger than 64 KiB');
  return buffer.subarray(0, bytesRead);
}

function toText(bytes: Uint8Array): string {
  try {
    return decodeText(bytes).trimEnd();
  } catch (error) {
    throw new Error(`cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
