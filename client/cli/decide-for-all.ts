import { TenantryError } from '../../contract/errors.js';
import {
  decideForAll,
  MOST_DECIDED,
  runsBlockedFor,
  type Cause,
  type ChoiceForAll,
  type OutcomeOfRun,
} from '../cause-decisions.js';
import { withClient } from '../connection.js';
import { decide } from '../decisions.js';
import { listOperations, type ListedRun } from '../list.js';
import type { JsonOption, ReasonOptions } from './command.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';

export interface AllOptions {
  all?: boolean;
  /** The type of the failure. */
  cause?: string;
  step?: string;
}

/** `tenantry retry --all --cause Acronis.Quota --step applyOfferingItems`: one decision for all runs of one cause. */
export async function decideForCause(
  choice: ChoiceForAll,
  { cause: type, step, reason, actor, json }: AllOptions & ReasonOptions & JsonOption,
): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    if (type === undefined || step === undefined)
      throw new TenantryError('refused', causesText(await listOperations(client, { state: 'blocked' })));
    const cause = { type, step };
    const all = await runsBlockedFor(client, cause);
    if (all.length === 0)
      throw new TenantryError(
        'refused',
        `No run is blocked at ${step} for ${type}. "tenantry list --state blocked" shows all.`,
      );
    const runs = all.slice(0, MOST_DECIDED);
    const request = { reason, actor };
    const decideFor = async (id: string) => await decide(client, { id, choice, request, taskQueue });
    const items: OutcomeOfRun[] = [];
    for await (const one of decideForAll(client, { cause, runs, taskQueue, decideFor })) {
      items.push(one);
      if (!json)
        stdout(`${one.id}  ${one.outcome === 'decided' ? '' : `${outcomeWords[one.outcome]}: `}${one.message}`);
    }
    if (json) stdout(JSON.stringify({ items }));
    if (all.length > runs.length) stderr(`There are ${all.length - runs.length} more: give the command again.`);
    return exitCodeOf(items);
  });
}

const outcomeWords: Readonly<Record<OutcomeOfRun['outcome'], string>> = {
  decided: 'decided',
  refused: 'refused',
  ended: 'ended',
  changed: 'not decided',
  unknown: 'no answer',
  notAsked: 'not asked',
};

function exitCodeOf(items: readonly OutcomeOfRun[]): number {
  const has = (...outcomes: OutcomeOfRun['outcome'][]) => items.some(({ outcome }) => outcomes.includes(outcome));
  if (has('unknown', 'notAsked')) return Exit.internal;
  return has('refused') ? Exit.refused : Exit.done;
}

/** The causes that there are, each as the options to type. */
function causesText(blocked: readonly ListedRun[]): string {
  const counts = new Map<string, number>();
  for (const { reason, step } of blocked)
    if (reason !== undefined && step !== undefined)
      counts.set(optionsOf({ type: reason, step }), (counts.get(optionsOf({ type: reason, step })) ?? 0) + 1);
  const known = [...counts].map(([options, count]) => `${options} (${count})`);
  return `Name one cause. ${known.length === 0 ? 'No run is blocked now.' : `Blocked are: ${known.join(', ')}.`}`;
}

function optionsOf({ type, step }: Cause): string {
  return `--cause ${type} --step ${step}`;
}
