import type { Note } from '../../contract/note.js';
import type { OperationStatus } from '../../contract/status.js';
import {
  blockedNote,
  causeText,
  viewOf,
  waitsForText,
  type LinkedText,
  type StatusView,
  type StepView,
} from '../../contract/view.js';
import type { BlockedRun, ListedRun } from '../list.js';
import { table } from './table.js';
import { joinLines, oneLine } from './printable.js';

/** One step in one line. */
export function stepLine({ sign, text, error }: StepView): string {
  return `${sign} ${text}${error === undefined ? '' : `  (${error})`}`;
}

/** A note with its details, and the command lines to type. */
export function noteLines({ text, details, actions }: Note): string[] {
  return [`  ${text}`, ...[...details, ...actions.map(({ command }) => command)].map((line) => `    ${line}`)];
}

/** A text with its link. */
export function linkedText({ text, link }: LinkedText): string {
  return link === undefined ? text : `${text} (${link})`;
}

/** What a run has produced, in one line each, with the command line that shows it. */
export function resultTexts({ results }: StatusView): string[] {
  return results.map(resultText);
}

/** The same with the details, indented, for a status. */
export function resultLines({ results }: StatusView): string[] {
  return results.flatMap((one) => [`  ${resultText(one)}`, ...one.details.map((line) => `    ${line}`)]);
}

function resultText({ text, actions }: Note): string {
  return [text, ...actions.map(({ command }) => command)].join(': ');
}

/** Everything a person wants to know of a run. */
export function statusText(status: OperationStatus): string {
  const view = viewOf(status);
  return joinLines([
    view.headline,
    ...view.steps.map((step) => `  ${stepLine(step)}`),
    `  ${view.facts.join(', ')}`,
    ...resultLines(view),
    ...view.grace.flatMap(noteLines),
    ...(view.waiting === undefined ? [] : noteLines(view.waiting)),
    ...[...view.decisions, ...view.dropped, ...view.leftovers.map(linkedText)].map((text) => `  ${text}`),
  ]);
}

/** Why a listed run does not go on, or how it ended; empty when it goes on. */
export function whyText(run: ListedRun): string {
  return waitsForText(run) ?? run.reason ?? '';
}

/** Runs as a table. */
export function runsTable(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return 'no runs';
  const rows = runs.map((run) => {
    const why = whyText(run);
    const shown = run.unanswered === undefined ? why : 'cannot be read here';
    return [run.id, run.state, shown, run.tenantId ?? '', run.startedAt];
  });
  const unread = runs.flatMap(({ unanswered }) => unanswered ?? []);
  return [table(['ID', 'STATE', 'REASON', 'TENANT', 'STARTED'], rows), ...unread.map(oneLine)].join('\n');
}

/** Blocked runs, each with what it waits for and the command lines to type. */
export function blockedText(runs: readonly BlockedRun[]): string {
  if (runs.length === 0) return 'no run is blocked';
  return joinLines(
    runs.flatMap(({ id, reason = '', step = '', blocked, unanswered }) =>
      blocked === undefined
        ? [`${id}  at ${step}: ${reason}`, ...(unanswered === undefined ? [] : [`  ${unanswered}`])]
        : [`${id}  ${causeText(blocked)}`, ...noteLines(blockedNote(id, blocked))],
    ),
  );
}
