import { userInfo } from 'node:os';
import type { Choice, GraceChoice } from '../../contract/decisions.js';
import { loadClientSettings } from '../../settings/client.js';
import { connect } from '../connection.js';
import { decide } from '../decisions.js';
import { exitCode, follow } from './follow.js';
import { readInput } from './input-file.js';
import { stderr, stdout } from './output.js';
import { progressOn } from './progress.js';

interface DecideOptions {
  reason: string;
  actor?: string;
  input?: string;
  by?: string;
  wait: boolean;
  json?: boolean;
}

/**
 * `tenantry retry`, `amend`, `skip`, `abort`: decides for a blocked run, then shows how it goes on. `tenantry extend-grace`, `hold`, `release`,
 * `restore`: the same for an offboarding in its grace.
 */
export async function decideBy(choice: Choice | GraceChoice, id: string, options: DecideOptions): Promise<number> {
  const { reason, actor = userInfo().username, json = false } = options;
  const settings = loadClientSettings();
  const { taskQueue } = settings;
  const { input, by } = options;
  const request = {
    actor,
    reason,
    ...(input === undefined ? {} : { input: readInput(input) }),
    ...(by === undefined ? {} : { by }),
  };
  const client = await connect(settings);
  try {
    const decision = await decide(client, { id, choice, request, taskQueue });
    if (!options.wait) {
      stdout(json ? JSON.stringify(decision) : `${choice} for ${decision.step} of ${id} is taken`);
      return 0;
    }
    if (!json) stderr(`${choice} for ${decision.step} of ${id} is taken`);
    const last = await follow(client, { id }, taskQueue, progressOn(json ? process.stderr : process.stdout));
    if (json) stdout(JSON.stringify(last));
    return exitCode(last);
  } finally {
    await client.connection.close();
  }
}
