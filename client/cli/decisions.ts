import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { commandFor } from '../../contract/commands.js';
import type { Choice, Decision, GraceChoice } from '../../contract/decisions.js';
import { runNotFound, TenantryError } from '../../contract/errors.js';
import { describeRun } from '../../vault/list-runs.js';
import { choicesForAll } from '../cause-decisions.js';
import { withClient } from '../connection.js';
import { cancelRun, decide } from '../decisions.js';
import { currentInput } from '../inputs.js';
import { findOperation } from '../operations.js';
import type { CliCommand, JsonOption, ReasonOptions } from './command.js';
import { decideForCause, type AllOptions } from './decide-for-all.js';
import { Exit } from './exit-codes.js';
import { showStarted, waitOption, type ShowOptions, type WaitOption } from './follow.js';
import { takesInput, withFields, type InputOptions } from './set-fields.js';
import { parseDuration, readInput } from './parsers.js';
import { awaitAloud } from './waiting.js';
import { stderr, stdout } from './output.js';

type CancelOptions = JsonOption & ReasonOptions;

interface DecideOptions extends CancelOptions, AllOptions, InputOptions, ShowOptions, WaitOption {
  by?: string;
}

const descriptions: Record<Choice, string> = {
  retry: 'try the blocked step of a run again',
  amend: 'continue a blocked run with a changed input; finished steps are not repeated',
  skip: 'leave out the blocked step, if later steps do not need it',
  abort: 'give up a blocked run and remove what it made',
};

const graceCommands: Record<GraceChoice, [command: string, description: string]> = {
  extendGrace: ['extend-grace', 'extend the grace: the time before an offboarding deletes the tenant'],
  hold: ['hold', 'pause the grace of an offboarding until "release"'],
  release: ['release', 'resume the grace of an offboarding after "hold"'],
  restore: ['restore', 'stop an offboarding during its grace and enable the tenant again'],
};

/** The commands by which a person decides for a blocked run. */
export function addDecisions(top: CliCommand): void {
  top
    .command('input <id>')
    .description('the current input of a run, to edit and give to amend')
    .handler(showInput)
    .examples('input provisionCustomer:customer-inc > order.json');
  for (const choice of Object.keys(descriptions) as Choice[]) {
    const many = choicesForAll.find((one) => one === choice);
    const command = top
      .command(many === undefined ? `${choice} <id>` : `${choice} [id]`)
      .description(descriptions[choice])
      .reason('decides')
      .addOption(waitOption())
      .option('--no-wait', 'return as soon as the run has accepted the decision')
      .quiet('the ids of what the run has made; with --no-wait the id of the run')
      .json();
    const file = choice === 'amend' ? ' --set administrator.login=jane.doe' : '';
    if (choice === 'amend')
      takesInput(command, 'JSON file with the whole new input, or -; without it --set changes the input as it is now');
    if (many !== undefined) addForAll(command);
    command
      .handler(async (id: string | undefined, options: DecideOptions) => await decideForOneOrAll(choice, id, options))
      .exitCodes(
        `as of "tenantry run"; 2 also when the decision makes no sense now${
          many === undefined ? '' : '; with --all 0 when no run has refused, 1 when one has not answered'
        }`,
      )
      .examples(
        `${choice} provisionCustomer:customer-inc${file} --reason "agreed with the customer"`,
        ...(many === undefined
          ? []
          : [`${choice} --all --cause Acronis.Quota --step applyOfferingItems --reason "agreed"`]),
      );
  }
}

function addForAll(command: CliCommand): void {
  command
    .option('--all', 'decide for all runs that are blocked for one cause; they go on without this command')
    .option('--cause <type>', 'with --all: the type of the failure, as "tenantry list --state blocked" shows it')
    .option('--step <name>', 'with --all: the step at which they are blocked');
}

async function decideForOneOrAll(choice: Choice, id: string | undefined, options: DecideOptions): Promise<number> {
  const many = choicesForAll.find((one) => one === choice);
  const { all = false, cause, step } = options;
  if (all === (id !== undefined)) throw new TenantryError('refused', 'Name one run, or give --all.');
  if (!all && (cause ?? step) !== undefined) throw new TenantryError('refused', '--cause and --step go with --all.');
  if (id !== undefined) return await decideFor(choice, id, options);
  return await decideForCause(many!, options);
}

/** The commands by which a person decides for an offboarding during its grace. */
export function addGraceDecisions(top: CliCommand): void {
  for (const choice of Object.keys(graceCommands) as GraceChoice[]) {
    const [name, description] = graceCommands[choice];
    const command = top.command(`${name} <id>`).description(description).reason('decides').json();
    const by = choice === 'extendGrace' ? ' --by "10 days"' : '';
    if (choice === 'extendGrace')
      command.required('--by <duration>', 'how much longer, such as "10 days"', { read: parseDuration });
    command
      // the grace may last for months, so this never waits for its end
      .handler(async (id: string, options: CancelOptions) => await decideFor(choice, id, { ...options, wait: false }))
      .examples(`${name} offboardCustomer:customer-inc${by} --reason "agreed with the customer"`);
  }
}

/** The command that stops a run. */
export function addCancel(top: CliCommand): void {
  top
    .command('cancel <id>')
    .description('stop a running operation and remove what it made')
    .reason('cancels')
    .json()
    .handler(cancel)
    .exitCodes(
      '0 it is being cancelled ("tenantry status" shows how that ends); 1 Temporal does not answer; 2 there is no such run, or it has ended',
    )
    .examples('cancel provisionCustomer:customer-inc --reason "order withdrawn"');
}

/** Sends a decision to a run. Unless told not to wait, it then shows how the run goes on. */
async function decideFor(choice: Choice | GraceChoice, id: string, options: DecideOptions): Promise<number> {
  const { reason, actor, input: file, by, wait, json = false, quiet = false } = options;
  const given = file === undefined ? undefined : await readInput(file);
  return await withClient(async (client, { taskQueue }) => {
    const input = await changedInput(client, id, given, options);
    const request = { actor, reason, ...(input !== undefined && { input }), ...(by !== undefined && { by }) };
    const deciding = decide(client, { id, choice, request, taskQueue });
    const decision = await awaitAloud(client, { id, taskQueue }, deciding);
    if (wait === false) {
      stdout(json ? JSON.stringify(decision) : quiet ? id : acceptedText(id, decision));
      return Exit.done;
    }
    if (!json && !quiet) stderr(acceptedText(id, decision));
    return await showStarted(client, { id }, taskQueue, { json, quiet, ...(wait !== undefined && { wait }) });
  });
}

/** The input of an amendment: the given one, else the one as it is now, with the fields that are set. */
async function changedInput(client: Client, id: string, given: unknown, { set }: InputOptions): Promise<unknown> {
  if (set === undefined) return given;
  const { type } = await describeRun(client, id).catch((error: unknown) => {
    throw error instanceof WorkflowNotFoundError ? runNotFound(id) : error;
  });
  return withFields(findOperation(type), given ?? (await currentInput(client, id)), set);
}

function acceptedText(id: string, { choice, step }: Pick<Decision, 'choice' | 'step'>): string {
  return `${choice} accepted for ${step} of ${id}`;
}

/** `tenantry input ID`: the current input of a run. */
async function showInput(id: string): Promise<number> {
  return await withClient(async (client) => {
    stdout(JSON.stringify(await currentInput(client, id), null, 2));
    return Exit.done;
  });
}

/** `tenantry cancel ID`: asks a run to stop and to remove what it made. */
async function cancel(id: string, { reason, actor, json }: CancelOptions): Promise<number> {
  return await withClient(async (client) => {
    const { reasonKept } = await cancelRun(client, id, { actor, reason });
    const text = `${id} is being cancelled. Follow it with: ${commandFor(id, 'status')}`;
    if (!reasonKept) stderr(`${id} will not say who cancelled it and why: its key is not here.`);
    stdout(json ? JSON.stringify({ id, cancelling: true, reason }) : text);
    return Exit.done;
  });
}
