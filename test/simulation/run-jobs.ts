import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job } from './job-process.js';

const program = fileURLToPath(new URL('./job-process.js', import.meta.url));

/** Nearly all that a simulation makes is garbage at once. */
const ROOM_FOR_SHORT_LIVED = ['--max-semi-space-size=32'];

/** Runs each job in its own process and passes on their messages. Fails if one of them fails. */
export async function runInProcesses(jobs: readonly Job[], hear: (told: unknown) => void): Promise<void> {
  await Promise.all(jobs.map(async (job) => await runInProcess(job, hear)));
}

async function runInProcess(job: Job, hear: (told: unknown) => void): Promise<void> {
  const child = fork(program, [JSON.stringify(job)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ROOM_FOR_SHORT_LIVED,
  });
  child.on('message', hear);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`a part ended with ${String(code)}`);
}
