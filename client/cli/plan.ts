import type { Command } from 'commander';
import { loadClientSettings } from '../config.js';
import { ClientError, Exit } from '../errors.js';
import { operationNamed, readOrder } from '../operations.js';
import { asJson, examples, type Ending } from './describe.js';
import { readInput } from './input-file.js';
import { stdout } from './output.js';
import type { Plan } from './planning/plan.js';
import type { PlannedStep } from './planning/planner.js';
import type { Joined } from './planning/standing.js';

/** `tenantry plan`: what an operation would do; looks only. */
export async function plan(
  operation: string,
  { input: file, json }: { input: string; json?: boolean },
): Promise<number> {
  const made = await planOf(operation, readInput(file));
  stdout(json ? JSON.stringify(made) : planText(made));
  return made.refused.length === 0 ? Exit.done : Exit.refused;
}

/** Refuses when the plan that was agreed upon is no longer what would be done. */
export async function insistOn(planHash: string, operation: string, input: unknown): Promise<void> {
  const now = await planOf(operation, input);
  if (now.planHash === planHash) return;
  throw new ClientError(
    `The plan ${planHash} is not what would be done now (${now.planHash}): the input or the tenant has changed since the plan. Look at "tenantry plan ${operation}" again.`,
    Exit.refused,
  );
}

async function planOf(operation: string, input: unknown): Promise<Plan> {
  readOrder(operationNamed(operation), input);
  const { makePlan } = await import('./planning/plan.js');
  return await makePlan(operation, input, { temporal: loadClientSettings() });
}

export function addPlan(top: Command, ending: Ending): void {
  examples(
    top
      .command('plan <operation>')
      .description('what an operation would do, what cannot be undone, and what would be refused; looks only')
      .requiredOption('--input <file>', 'JSON file with the input, or - for standard input')
      .option(...asJson)
      .addHelpText(
        'after',
        '\nExit codes: 0 it could be done, or an open run would be joined; 1 the cloud cannot be asked; 2 it would be refused',
      )
      .action(ending(plan)),
    'plan provisionCustomer --input examples/provisionCustomer.json',
  );
}

function planText({ operation, id, joins, steps, cannotBeUndone, warnings, refused, planHash }: Plan): string {
  const lines = steps.map(
    ({ step, summary, ...how }, at) => `${String(at + 1).padStart(3)}  ${step}: ${summary}\n       ${howText(how)}`,
  );
  const told = (heading: string, all: readonly string[]) =>
    all.length === 0 ? [] : [heading, ...all.map((one) => `  ${one}`)];
  return [
    joins ? joinedText(joins) : `${operation} as ${id} would ${refused.length === 0 ? 'do' : 'be refused'}`,
    ...lines,
    ...told('What cannot be undone', cannotBeUndone),
    ...told('Warnings', warnings),
    ...told('Why it would be refused', refused),
    ...(refused.length > 0 ? [] : [`Insist on this plan with: tenantry run ${operation} --plan ${planHash} --input …`]),
  ].join('\n');
}

function howText({ state, calls, undo }: Pick<PlannedStep, 'state' | 'calls' | 'undo'>): string {
  const how = calls.length === 0 ? state : state === 'would do' ? calls.join(', ') : `${state}: ${calls.join(', ')}`;
  return undo === null ? how : `${how}   (undo: ${undo})`;
}

/** What a joined run is doing, in words. */
function joinedText({ id, runId, state, step, reason }: Joined): string {
  const where = step === undefined ? state : `${state} at ${step}`;
  return `${id} would join the run ${runId}, which is ${where}${reason === undefined ? '' : ` (${reason})`}`;
}
