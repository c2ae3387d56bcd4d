import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundlePath, interceptorModules } from '../../worker/bundle.js';
import { failureConverterPath, payloadConverterPath } from '../../vault/index.js';

const built = fileURLToPath(new URL('../../', import.meta.url));
const nothing = () => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A text in a built workflow file that another version replaces. */
export interface Change {
  file: string;
  find: string;
  replace: string;
}

/** The workflow bundle of another version. Fails unless each text occurs exactly once. */
export async function bundleOfOtherVersion(...changes: Change[]): Promise<string> {
  const folder = await mkdtemp(join(built, 'other-version-'));
  try {
    for (const room of ['contract', 'workflows']) await cp(join(built, room), join(folder, room), { recursive: true });
    for (const { file, find, replace } of changes) {
      const path = join(folder, 'workflows', file);
      const parts = (await readFile(path, 'utf8')).split(find);
      if (parts.length !== 2) throw new Error(`${find} is ${parts.length - 1} times in ${file}`);
      await writeFile(path, parts.join(replace));
    }
    return (await bundle(join(folder, 'workflows/index.js'), folder)).code;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The same without a compiler, for a text that the bundle has as it is. Fails unless it occurs exactly once in its file. */
export function bundleWith({ file, find, replace }: Change): string {
  const code = readFileSync(bundlePath, 'utf8');
  const begin = code.indexOf(`/workflows/${file}"\n`);
  const end = code.indexOf('\n/***/ "', begin + 1);
  const parts = code.slice(begin, end).split(find);
  if (begin < 0 || parts.length !== 2) throw new Error(`${find} is ${parts.length - 1} times in ${file}`);
  return code.slice(0, begin) + parts.join(replace) + code.slice(end);
}

/** The bundle of the workflows that a built file exports, for workers that encrypt or do not. */
export async function bundleOf(file: URL, { encrypts }: { encrypts: boolean }): Promise<{ code: string }> {
  return await bundle(fileURLToPath(file), built, encrypts ? { failureConverterPath, payloadConverterPath } : {});
}

async function bundle(workflowsPath: string, folder: string, converters: object = {}): Promise<{ code: string }> {
  return await bundleWorkflowCode({
    ...converters,
    workflowsPath,
    workflowInterceptorModules: interceptorModules.map((name) => join(folder, `workflows/kernel/${name}.js`)),
    logger: silent,
  });
}
