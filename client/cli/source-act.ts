import type { Client } from '@temporalio/client';
import { defaultRollout } from '../../contract/rollout.js';
import type { Source } from '../../sources/sources-file.js';
import { withClient } from '../connection.js';
import { namedCustomers, observedCustomers, type ChosenCustomers } from '../observed-customers.js';
import { startRollout } from '../rollouts.js';
import type { CliCommand, JsonOption, ReasonOptions } from './command.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';
import { FOLLOWED_EXIT_CODES } from './rollout.js';
import { followRollout } from './rollout-follow.js';
import { addCustomerOptions, addRolloutOptions, chosenCustomers, type RolloutOptions } from './rollout-options.js';

type ActOptions = JsonOption & RolloutOptions & ReasonOptions;

/** `tenantry sources act`, below the command `sources`; `find` gives a source of `sources.json`. */
export function addSourceAct(sources: CliCommand, find: (name: string) => Promise<Source>): void {
  const command = sources
    .command('act <source>')
    .description('act for customers that were only observed: a few first, and the others once these are as sold');
  addRolloutOptions(addCustomerOptions(command, 'all customers of the source that are observed'))
    .reason('decides')
    .json()
    .handler(async (name: string, options: ActOptions) => act(name, await find(name), options))
    .exitCodes(FOLLOWED_EXIT_CODES)
    .examples(
      'sources act shop --only C-1001,C-1002 --reason "reviewed with Jane"',
      'sources act shop --all --canary 5 --at-once 20 --reason "the first ones are right"',
    );
}

/** Starts a rollout for observed customers, and shows it until it ends or waits for a person. */
async function act(source: string, { cloud }: Source, options: ActOptions): Promise<number> {
  const only = chosenCustomers(options, 'that are observed');
  const { canary, atOnce, maxFailures = defaultRollout.maxFailures, reason, actor, json = false } = options;
  return await withClient(async (client, { taskQueue }) => {
    const refs = await chosenRefs(client, { source, cloud, only }, taskQueue);
    if (refs.length === 0) {
      stderr(`No customer of ${source} is observed: nothing is started.`);
      if (json) stdout(JSON.stringify({ customers: [] }));
      return Exit.done;
    }
    const placed = cloud === undefined ? {} : { cloud };
    const start = { action: 'act', ...placed, refs, canary, atOnce, maxFailures, reason, actor } as const;
    const id = await startRollout(client, taskQueue, start);
    stderr(`started ${id} for ${refs.length} customers; it goes on by itself when this command is stopped`);
    return await followRollout(client, { id }, taskQueue, json);
  });
}

async function chosenRefs(
  client: Client,
  { only, ...of }: { source: string; cloud: string | undefined; only: string[] | undefined },
  taskQueue: string,
): Promise<string[]> {
  if (only === undefined) return await observedCustomers(client, of, taskQueue);
  const { observed, acting }: ChosenCustomers = await namedCustomers(client, of, only, taskQueue);
  if (acting.length > 0) stderr(`acted for already: ${acting.join(', ')}`);
  return observed;
}
