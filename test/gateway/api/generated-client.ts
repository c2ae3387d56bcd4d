import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Inside the repository, because a generated client imports its runtime. */
const folder = path.resolve('dist/test/generated-client');
const run = promisify(execFile);

/** How the compiler reads the program of a user: as strictly as our own. */
const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  lib: ['es2023', 'dom'],
  types: [],
};

/**
 * Makes a client of an OpenAPI document with a public generator, and compiles it together with a program that imports
 * `./client.js`. Gives the exports of that program. Fails with the compiler's words.
 */
export async function programWithClient(document: object, program: string): Promise<unknown> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string) => await writeFile(path.join(folder, name), text);
  await write('openapi.json', JSON.stringify(document));
  await write('program.ts', program);
  await write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['.'] }));
  await runBin('oazapfts', 'openapi.json', 'client.ts');
  await runBin('tsc', '-p', '.');
  return await import(path.join(folder, 'program.js'));
}

async function runBin(name: string, ...args: string[]): Promise<void> {
  const bin = path.resolve('node_modules/.bin', name);
  await run(bin, args, { cwd: folder }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`${name}: ${error.stdout ?? ''}${error.message}`);
  });
}
