import { brakeId, type BrakeChoice, type BrakeRequest } from '../../contract/brake.js';
import { TenantryError } from '../../contract/errors.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { brakeStatus, decideOnBrake } from '../brake.js';
import { withClient } from '../connection.js';
import { brakeText } from './brake-text.js';
import type { CliCommand, JsonOption, ReasonOptions } from './command.js';
import { Exit } from './exit-codes.js';
import { showState, stderr, stdout } from './output.js';
import { awaitAloud } from './waiting.js';

interface BrakeOptions extends JsonOption {
  cloud?: string;
}

interface DecisionOptions extends BrakeOptions, ReasonOptions {
  all?: boolean;
}

const REASON = '--reason "the shop is repaired"';

/** The commands about the brake, which limits how much customers lose at a time. */
export function addBrake(top: CliCommand): void {
  const brake = top
    .command('brake')
    .description('limit how much customers lose at a time')
    .examples('brake status', `brake release --all ${REASON}`);
  const status = brake.command('status').description('whether the brake is engaged and why, and what waits');
  withCloud(status)
    .handler(showStatus)
    .exitCodes('0 shown; 1 Temporal or its worker does not answer; 2 usage refused')
    .examples('brake status', 'brake status --cloud eu --json');
  const on = brake.command('on').description('take nothing away from now on, before "release"');
  decision(on, (options: DecisionOptions) => decide('engage', options)).examples(
    'brake on --reason "the shop sends nonsense"',
  );
  const release = brake
    .command('release [customer...]')
    .description('grant what waits for these customers; each works out again what it needs')
    .option('--all', 'grant everything that waits, and end the brake');
  decision(release, releaseThem).examples(`brake release C-1001 C-1002 ${REASON}`, `brake release --all ${REASON}`);
  const drop = brake.command('drop <customer...>').description('do not do what waits for these customers');
  decision(drop, (refs: string[], options: DecisionOptions) => decide('drop', options, { refs })).examples(
    'brake drop C-1001 --reason "still a customer"',
  );
}

function withCloud(command: CliCommand): CliCommand {
  return command.option('--cloud <name>', 'the cloud of the brake; the default one unless given').json();
}

function decision(command: CliCommand, act: (...args: never[]) => Promise<number>): CliCommand {
  return withCloud(command.reason('decides'))
    .handler(act)
    .exitCodes('0 accepted; 1 Temporal or its worker does not answer; 2 refused, because it makes no sense now');
}

/** `tenantry brake status` */
async function showStatus({ cloud = DEFAULT_CLOUD, json }: BrakeOptions): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    const status = await brakeStatus(client, cloud, taskQueue);
    if (json) stdout(JSON.stringify(status ?? { cloud, waiting: [], decisions: [] }));
    else stdout(status === undefined ? `Cloud ${cloud}: no customer has asked the brake yet` : brakeText(status));
    return Exit.done;
  });
}

/** `tenantry brake release` */
async function releaseThem(refs: string[], options: DecisionOptions): Promise<number> {
  const { all = false } = options;
  if (all === refs.length > 0) throw new TenantryError('refused', 'Name the customers that wait, or give --all.');
  return await decide('release', options, all ? { all } : { refs });
}

async function decide(
  choice: BrakeChoice,
  { reason, actor, cloud = DEFAULT_CLOUD, json }: DecisionOptions,
  what: Pick<BrakeRequest, 'refs' | 'all'> = {},
): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    const request = { actor, reason, ...what };
    const deciding = decideOnBrake(client, { cloud, choice, request }, taskQueue);
    const taken = await awaitAloud(client, { id: brakeId(cloud), taskQueue }, deciding);
    if (json) stdout(JSON.stringify(taken));
    else {
      stderr(`${choice} accepted${choice === 'engage' ? '' : ` for ${taken.answered} intent(s)`}`);
      await showState(async () => {
        const status = await brakeStatus(client, cloud, taskQueue);
        return status && brakeText(status);
      });
    }
    return Exit.done;
  });
}
