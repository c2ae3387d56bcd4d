import { commandFor } from '../../contract/commands.js';
import type { OperationStatus } from '../../contract/status.js';
import type { BlockedRun, ListedRun } from '../list.js';
import { blockedNote, viewOf, type Note, type StatusView, type StepView } from '../view.js';
import { table } from './output.js';
import { joinLines, oneLine } from './printable.js';

/** One step in one line. */
export function stepLine({ sign, text, error }: StepView): string {
  return `${sign} ${text}${error === undefined ? '' : `  (${error})`}`;
}

/** A note with its details, and the command lines to type. */
export function noteLines({ text, details, actions }: Note): string[] {
  return [`  ${text}`, ...[...details, ...actions.map(commandFor)].map((line) => `    ${line}`)];
}

/** What a run has produced, in one line each, with the command line that shows it. */
export function resultTexts({ results }: StatusView): string[] {
  return results.map(({ text, actions }) => [text, ...actions.map(commandFor)].join(': '));
}

/** Everything a person wants to know of a run. */
export function statusText(status: OperationStatus): string {
  const view = viewOf(status);
  return joinLines([
    view.headline,
    ...view.steps.map((step) => `  ${stepLine(step)}`),
    `  ${view.facts.join(', ')}`,
    ...resultTexts(view).map((text) => `  ${text}`),
    ...view.grace.flatMap(noteLines),
    ...(view.waiting === undefined ? [] : noteLines(view.waiting)),
    ...[...view.decisions, ...view.dropped, ...view.leftovers].map((text) => `  ${text}`),
  ]);
}

/** Runs as a table. */
export function runsTable(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return 'no runs';
  const rows = runs.map((run) => {
    const why = run.waitsFor === undefined ? (run.reason ?? '') : `waits for ${run.waitsFor}`;
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
        : [`${id}  ${blocked.type}: ${blocked.message}`, ...noteLines(blockedNote(id, blocked))],
    ),
  );
}
