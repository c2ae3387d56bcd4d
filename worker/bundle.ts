import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/** Where the built workflow bundle lies: made at build time, so that a worker starts without a compiler. */
export const bundlePath = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));

/** Makes the bundle out of every workflow that `workflows/index.ts` exports. */
export async function buildBundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
    logger: { ...silent, error: (message) => process.stderr.write(`${message}\n`) },
  });
  await mkdir(fileURLToPath(new URL('.', import.meta.url)), { recursive: true });
  await writeFile(bundlePath, code);
}

const nothing = () => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundle();
