import { loadClientSettings } from '../../settings/client.js';
import { connect } from '../connection.js';
import { Exit } from './exit-codes.js';
import { operationNamed, readOrder, startOperation, type Started } from '../operations.js';
import { exitCode, follow } from './follow.js';
import { readInput } from './input-file.js';
import { stderr, stdout } from './output.js';
import { insistOn } from './plan.js';
import { progressOn } from './progress.js';

interface RunOptions {
  input: string;
  id?: string;
  plan?: string;
  wait: boolean;
  json?: boolean;
}

/** `tenantry run`: starts an operation, shows its progress, and says by the exit code how it ended. */
export async function run(
  operation: string,
  { input: file, id, plan, wait, json = false }: RunOptions,
): Promise<number> {
  const entry = operationNamed(operation);
  const settings = loadClientSettings();
  const input = readInput(file);
  // an input that cannot be right is refused before anything is connected
  readOrder(entry, input);
  if (plan !== undefined) await insistOn(plan, operation, input);
  const client = await connect(settings);
  try {
    const started = await startOperation(client, { operation, input, taskQueue: settings.taskQueue, id });
    if (!wait) {
      stdout(json ? JSON.stringify(started) : began(started));
      return Exit.done;
    }
    if (!json) stderr(began(started));
    const last = await follow(client, started, settings.taskQueue, progressOn(json ? process.stderr : process.stdout));
    if (json) stdout(JSON.stringify(last));
    return exitCode(last);
  } finally {
    await client.connection.close();
  }
}

function began({ id, joined }: Started): string {
  return `${joined ? 'joined' : 'started'} ${id}`;
}
