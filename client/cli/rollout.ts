import type { RolloutChoice } from '../../contract/rollout.js';
import { withClient } from '../connection.js';
import { decideOnRollout, rolloutStatus } from '../rollouts.js';
import type { CliCommand, JsonOption, ReasonOptions } from './command.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';
import { followRollout } from './rollout-follow.js';
import { rolloutText } from './rollout-text.js';
import { awaitAloud } from './waiting.js';

type DecisionOptions = JsonOption & ReasonOptions;

const decisions: Record<RolloutChoice, string> = {
  resume: 'go on: the failures so far count no more',
  retry: 'begin once more with the customers that failed, and go on',
  stop: 'begin nobody else, and end; customers that have begun go on',
};

/** The commands about rollouts, which do one thing for many customers. */
export function addRollout(top: CliCommand): void {
  const rollout = top
    .command('rollout')
    .description('look at what is done for many customers, and decide when too many fail')
    .examples('rollout status rollout:act', 'rollout retry rollout:act --reason "names are complete now"');
  rollout
    .command('status <rollout>')
    .description('how far it is, and what became of each customer')
    .json()
    .handler(showStatus)
    .exitCodes('0 shown; 1 Temporal or its worker does not answer; 2 there is no such rollout')
    .examples('rollout status rollout:act', 'rollout status rollout:eu:act --json');
  for (const [choice, description] of Object.entries(decisions))
    rollout
      .command(`${choice} <rollout>`)
      .description(description)
      .reason('decides')
      .json()
      .handler((id: string, options: DecisionOptions) => decide(choice as RolloutChoice, id, options))
      .exitCodes(FOLLOWED_EXIT_CODES)
      .examples(`rollout ${choice} rollout:act --reason "looked at them"`);
}

/** Of a command that follows a rollout to its end. */
export const FOLLOWED_EXIT_CODES =
  '0 all done; 1 Temporal or its worker does not answer; 2 refused; 3 ended, and some failed; ' +
  '4 it waits for a person; 5 stopped';

/** `tenantry rollout status` */
async function showStatus(id: string, { json }: JsonOption): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    const status = await rolloutStatus(client, id, taskQueue);
    stdout(json ? JSON.stringify(status) : rolloutText(status));
    return Exit.done;
  });
}

async function decide(
  choice: RolloutChoice,
  id: string,
  { reason, actor, json = false }: DecisionOptions,
): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    const { customers: known } = await rolloutStatus(client, id, taskQueue);
    const deciding = decideOnRollout(client, { id, choice, request: { actor, reason } }, taskQueue);
    await awaitAloud(client, { id, taskQueue }, deciding);
    stderr(`${choice} accepted for ${id}`);
    return await followRollout(client, { id, known }, taskQueue, json);
  });
}
