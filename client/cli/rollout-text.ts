import { actorText } from '../../contract/actors.js';
import { rolloutCommands } from '../../contract/commands.js';
import type { RolloutCustomer, RolloutStatus } from '../../contract/rollout.js';
import { joinLines, oneLine } from './printable.js';

const SHOWN = 20;
const SHOWN_DECISIONS = 10;

const states = {
  running: 'goes on',
  blocked: 'waits for a person',
  completed: 'completed',
  stopped: 'stopped',
} as const;

/** A rollout as a person reads it: how far it is, what became of its customers, and what to type. */
export function rolloutText(status: RolloutStatus): string {
  const { id, state, blocked, cloud, canary, atOnce, maxFailures, actor, reason, startedAt, decisions } = status;
  return joinLines([
    `${id} ${states[state]}: ${countsText(status)}`,
    `  started by ${actorText({ actor })} at ${startedAt}: ${reason}`,
    `  cloud ${cloud}, the first ${Math.min(canary, status.customers.length)} alone, then ${atOnce} at once; stops after more than ${maxFailures} failures`,
    ...customerLines(status.customers),
    ...decisions
      .slice(-SHOWN_DECISIONS)
      .map((one) => `  ${one.at} ${actorText(one)} chose ${one.choice}: ${one.reason}`),
    ...(state === 'blocked' && blocked ? [`  since ${blocked.since}: ${blocked.why}`] : []),
    ...(state === 'blocked' ? ['  look and decide by one of', ...rolloutCommands(id).map((one) => `    ${one}`)] : []),
  ]);
}

/** How many customers have come out, and how. */
function countsText({ counts, customers }: RolloutStatus): string {
  const { done, ...others } = counts;
  const names = { failed: 'failed', skipped: 'skipped', underWay: 'under way', waiting: 'not begun' } as const;
  const rest = (['failed', 'skipped', 'underWay', 'waiting'] as const).filter((outcome) => others[outcome] > 0);
  return [`${done} of ${customers.length} done`, ...rest.map((outcome) => `${others[outcome]} ${names[outcome]}`)].join(
    ', ',
  );
}

/** One customer that has come out. */
export function customerLine({ ref, outcome, why }: RolloutCustomer): string {
  const sign = { done: '✔', failed: '✘', skipped: '-', underWay: '▸', waiting: ' ' }[outcome];
  return oneLine(`${sign} ${ref}${why === undefined ? '' : `  ${why}`}`);
}

/** The customers that somebody may want to look at. */
function customerLines(customers: readonly RolloutCustomer[]): string[] {
  return (['failed', 'skipped', 'underWay'] as const).flatMap((outcome) => {
    const those = customers.filter((one) => one.outcome === outcome);
    const more = those.length - SHOWN;
    return [
      ...those.slice(0, SHOWN).map((one) => `  ${customerLine(one)}`),
      ...(more > 0 ? [`  and ${more} more; --json lists all`] : []),
    ];
  });
}
