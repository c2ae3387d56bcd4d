import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment as TestEnvironment } from '@temporalio/testing';
import type { FoundEngine } from './find.js';

const DOWNLOAD_MS = 60_000;

/**
 * Lets Temporal's SDK download its development server, within a minute. Starting the server once causes the download;
 * then the file is taken from the SDK's download folder.
 */
export async function downloadBySdk(): Promise<FoundEngine> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing').catch(() => {
    throw new Error('the package @temporalio/testing is not installed');
  });
  const downloadDir = await mkdtemp(join(tmpdir(), 'tenantry-engine-'));
  try {
    return await downloadInto(downloadDir, TestWorkflowEnvironment);
  } catch (error) {
    await rm(downloadDir, { recursive: true, force: true });
    throw error;
  }
}

async function downloadInto(
  downloadDir: string,
  environments: Pick<typeof TestEnvironment, 'createLocal'>,
): Promise<FoundEngine> {
  const starting = environments.createLocal({
    server: { executable: { type: 'cached-download', downloadDir } },
  });
  const timeout = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no download within ${DOWNLOAD_MS / 1000} s`)), DOWNLOAD_MS).unref();
  });
  const environment = await Promise.race([starting, timeout]);
  await environment.teardown();
  const [file] = await readdir(downloadDir);
  if (file === undefined) throw new Error('the download left no file');
  return { path: join(downloadDir, file), version: 'as the SDK chose', source: "the SDK's download" };
}
