import { commandFor } from '../../contract/commands.js';
import type { Choice } from '../../contract/decisions.js';
import { openArtefacts } from '../../artefact-store/index.js';
import { hasArtefacts, loadArtefacts, loadClientSettings, loadSecretSources } from '../../settings/client.js';
import { TenantryError } from '../../contract/errors.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { readOrder } from '../operations.js';
import { operationNamed } from './operation-named.js';
import { inputOf, takesInput, type InputOptions } from './set-fields.js';
import { stdout } from './output.js';
import type { KnownPlaces } from '../../planning/machine.js';
import type { Plan } from '../../planning/plan.js';
import { verdictOf, type Verdict } from '../../planning/verdict.js';
import type { PlannedStep, PlannedWait } from '../../planning/planner.js';
import type { JoinedRun } from '../../planning/start-check.js';

/** `tenantry plan`: what an operation would do. Changes nothing. */
async function plan(operation: string, { json = false, ...given }: InputOptions & JsonOption): Promise<number> {
  // a wrong name is refused before anything is read
  return await showPlan(operation, await inputOf(operationNamed(operation), given), json);
}

/** Shows what an operation would do with this input. The exit code says how it would end. */
export async function showPlan(operation: string, input: unknown, json: boolean): Promise<number> {
  const made = await planOf(operation, input);
  const verdict = verdictOf(made);
  stdout(json ? JSON.stringify({ verdict, ...made }) : planText(made));
  return exitCodes[verdict];
}

/** As the planned run would end now. A joined run counts as done; its status says how it is. */
const exitCodes: Readonly<Record<Verdict, number>> = {
  'would do': Exit.done,
  'would join': Exit.done,
  'would wait for a person': Exit.blocked,
  'would be refused': Exit.refused,
};

/** Refuses when the run would no longer do what the plan with this hash showed. */
export async function checkPlan(planHash: string, operation: string, input: unknown): Promise<void> {
  const now = await planOf(operation, input);
  if (isUncertain(now)) throw new TenantryError('unavailable', `The plan cannot be checked: ${now.warnings.at(-1)}.`);
  if (now.planHash === planHash) return;
  throw new TenantryError(
    'refused',
    `The plan ${planHash} is not what would be done now (${now.planHash}): the input or the tenant has changed ` +
      `since the plan. Look at "tenantry plan ${operation}" again.`,
  );
}

async function planOf(operation: string, input: unknown): Promise<Plan> {
  readOrder(operationNamed(operation), input);
  const { makePlan } = await import('../../planning/plan.js');
  return await makePlan(operation, input, { temporal: loadClientSettings(), places: await placesHere() });
}

/** What a worker with the settings of this machine could read and store. */
async function placesHere(): Promise<KnownPlaces> {
  const { secretProbe } = await import('../../worker/secrets.js');
  const store = hasArtefacts() ? openArtefacts(loadArtefacts()) : undefined;
  return {
    canRead: secretProbe(loadSecretSources()),
    ...(store && { checkArtefacts: async () => await store.check() }),
  };
}

/** The command that shows a plan. */
export function addPlan(top: CliCommand): void {
  const command = top
    .command('plan <operation>')
    .description(
      'what an operation would do, what cannot be undone, and where it would wait or be refused; changes nothing',
    );
  takesInput(command)
    .json()
    .handler(plan)
    .exitCodes(
      '0 it could be done, or an open run would be joined; 1 the cloud does not answer or refuses the API client; 2 it would be refused; 4 it would wait for a person',
    )
    .examples('plan provisionCustomer --input examples/provisionCustomer.json');
}

function planText(plan: Plan): string {
  const { operation, id, joins, steps, cannotBeUndone, warnings, refused, waits, planHash } = plan;
  const lines = steps.map(
    ({ step, summary, ...how }, at) => `${String(at + 1).padStart(3)}  ${step}: ${summary}\n       ${howText(how)}`,
  );
  const section = (heading: string, all: readonly string[]) =>
    all.length === 0 ? [] : [heading, ...all.map((one) => `  ${one}`)];
  return [
    joins
      ? joinedText(joins)
      : `${operation} as ${id} ${verdictOf(plan)}${isUncertain(plan) ? ', but that is uncertain' : ''}`,
    ...lines,
    ...section('What cannot be undone', cannotBeUndone),
    ...section('Warnings', warnings),
    ...section('Why it would be refused', refused),
    ...section('Why it would wait', waits.flatMap(waitingText)),
    ...section(
      'Fix that first; or run it anyway, and decide then by one of',
      choicesIn(waits).map((choice) => commandFor(id, choice)),
    ),
    ...(refused.length + waits.length > 0 || isUncertain(plan)
      ? []
      : [`Run exactly this plan with: tenantry run ${operation} --plan ${planHash} --input …`]),
  ].join('\n');
}

/** True when a step depends on what only Temporal knows, and it could not be asked. */
function isUncertain({ steps }: Plan): boolean {
  return steps.some(({ uncertain }) => uncertain !== undefined);
}

function howText({ state, calls, undo, uncertain }: Omit<PlannedStep, 'step' | 'summary'>): string {
  const how = calls.length === 0 ? state : state === 'would do' ? calls.join(', ') : `${state}: ${calls.join(', ')}`;
  const back = undo === null ? '' : `   (undo: ${undo})`;
  return `${how}${back}${uncertain === undefined ? '' : `\n       uncertain: ${uncertain}`}`;
}

function waitingText({ step, type, message }: PlannedWait): string {
  return `at ${step}: ${type}: ${message}`;
}

/** A person decides for the first step that waits. */
function choicesIn([first]: readonly PlannedWait[]): readonly Choice[] {
  return first?.choices ?? [];
}

/** What a joined run is doing, in words. */
function joinedText({ id, runId, state, step, reason }: JoinedRun): string {
  const where = step === undefined ? state : `${state} at ${step}`;
  return `${id} would join the run ${runId}, which is ${where}${reason === undefined ? '' : ` (${reason})`}`;
}
