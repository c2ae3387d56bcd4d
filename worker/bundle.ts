import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { failureConverterPath, payloadConverterPath } from '../vault/index.js';

/** The workflow bundle. It is made at build time, so that a worker starts without a compiler. */
export const bundlePath = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));

/** The bundle of workers that encrypt: failures leave the sandbox in a form that the codec can encrypt, and what is damaged says so. */
export const encryptingBundlePath = fileURLToPath(new URL('./workflow-bundle-encrypting.js', import.meta.url));

/** The modules in `workflows/kernel` whose interceptors every run has. */
export const interceptorModules = ['local-results', 'query-guard', 'lost-tasks', 'inherited-priority'];

/** Makes both bundles from every workflow that `workflows/index.ts` exports. */
export async function buildBundles(): Promise<void> {
  await build(bundlePath, {});
  await build(encryptingBundlePath, { failureConverterPath, payloadConverterPath });
}

async function build(
  path: string,
  options: { failureConverterPath?: string; payloadConverterPath?: string },
): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: workflowFile('index.js'),
    preloadModules: [workflowFile('index.js')],
    workflowInterceptorModules: interceptorModules.map((name) => workflowFile(`kernel/${name}.js`)),
    logger: { ...silent, error: (message) => process.stderr.write(`${message}\n`) },
    ...options,
  });
  await mkdir(fileURLToPath(new URL('.', import.meta.url)), { recursive: true });
  await writeFile(path, code);
}

function workflowFile(path: string): string {
  return fileURLToPath(new URL(`../workflows/${path}`, import.meta.url));
}

const nothing = () => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundles();
