import { actorText } from '../../contract/actors.js';
import type { BrakeStatus } from '../../contract/brake.js';
import { brakeCommands } from '../../contract/commands.js';
import { table } from './table.js';
import { joinLines } from './printable.js';

const SHOWN_DECISIONS = 10;

/** A brake as a person reads it: whether it is engaged and why, what waits, and what to type. */
export function brakeText(status: BrakeStatus): string {
  const { cloud, engaged, waiting, moreWait, decisions } = status;
  const state = engaged === undefined ? 'within the limits' : `engaged since ${engaged.since}: ${engaged.why}`;
  return joinLines([
    `Cloud ${cloud}: ${state}`,
    countsLine(status),
    ...waitingLines(waiting),
    ...(moreWait ? ['  more wait than are listed here; they ask again later'] : []),
    ...decisions
      .slice(-SHOWN_DECISIONS)
      .map(
        ({ at, choice, answered, reason, ...by }) =>
          `  ${at} ${actorText(by)} chose ${choice} for ${answered}: ${reason}`,
      ),
    ...(engaged === undefined && waiting.length === 0 ? [] : actionLines(cloud)),
  ]);
}

function countsLine({ counts: { hour, day, creations }, customers }: BrakeStatus): string {
  const of = ({ granted, limit }: typeof hour) => `${granted} of ${limit}`;
  return (
    `  granted without a person: ${of(hour)} within an hour, ${of(day)} within a day; ` +
    `creations: ${of(creations)} within an hour (limits from ${customers} customers, counted when one asked last)`
  );
}

function waitingLines(waiting: BrakeStatus['waiting']): string[] {
  if (waiting.length === 0) return ['  nothing waits'];
  const rows = waiting.map(({ since, ref, kind, what, why }) => [`  ${since}`, ref, kind, what, why]);
  return table(['  WAITS SINCE', 'CUSTOMER', 'KIND', 'WHAT', 'WHY'], rows).split('\n');
}

function actionLines(cloud: string): string[] {
  return ['  look and decide by one of', ...brakeCommands(cloud).map((command) => `    ${command}`)];
}
