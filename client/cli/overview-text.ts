import type { CalendarItem } from '../overview/calendar.js';
import type { Change } from '../overview/changes.js';
import type { Mismatch } from '../overview/reconcile.js';
import type { SourceHealth } from '../overview/source-health.js';
import { causeText } from '../overview/tables.js';
import { calendarWords, mismatchWords, sendsWords, sourceTextsOf } from '../overview/words.js';
import { table } from './table.js';
import { joinLines } from './printable.js';

/** What comes, each with what would stop it and the command lines to type. */
export function calendarText(items: readonly CalendarItem[], days: number): string {
  if (items.length === 0)
    return `nothing comes for customers of your sources within ${days} days; the trials of tenants: tenantry show trial`;
  return joinLines(
    items.flatMap(({ at, what, ref, tenantId, run, why, stopped, stops }) => [
      `${at}  ${ref ?? tenantId ?? run ?? ''}: ${calendarWords[what]}, because ${why}`,
      ...(stopped === undefined ? [] : [`  not now: ${stopped}`]),
      ...stops.map(({ what: stop, command }) => `  stopped when ${stop}${command === undefined ? '' : `: ${command}`}`),
    ]),
  );
}

/** Where what is sold and what is there do not agree, by kind. */
export function reconcileText(items: readonly Mismatch[]): string {
  if (items.length === 0) return 'everything that is known agrees';
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  return joinLines(
    kinds.flatMap((kind) => {
      const rows = items
        .filter((one) => one.kind === kind)
        .map(({ ref, name, tenantId, field, sold, set, why }) => [
          `  ${ref ?? ''}`,
          ...[name, tenantId, field, sold, set].map((cell) => cell ?? ''),
          why,
        ]);
      const columns = ['  CUSTOMER', 'NAME', 'TENANT', 'FIELD', 'SOLD', 'SET', 'WHY'];
      return [`${mismatchWords[kind]}: ${rows.length}`, ...table(columns, rows).split('\n')];
    }),
  );
}

/** How each source is. */
export function sourcesText(items: readonly SourceHealth[]): string {
  if (items.length === 0) return 'sources.json has no source';
  return joinLines(items.flatMap(sourceLines));
}

function sourceLines(health: SourceHealth): string[] {
  const { name, kind, act, mode, sends, sendsWhy } = health;
  const { heard, listed } = sourceTextsOf(health);
  const still = sends === 'no' ? sendsWords.no.toUpperCase() : sendsWords[sends];
  const lines = [...heard, `${still}: ${sendsWhy}`, ...listed];
  return [`${name} (${kind}, ${mode}, ${act})`, ...lines.map((line) => `  ${line}`)];
}

/** What was done, newest first. */
export function changesText(items: readonly Change[]): string {
  if (items.length === 0) return 'nothing was done';
  const rows = items.map(({ at, what, state, ref, tenantId, run, by, why }) => {
    return [at, what, state ?? '', ref ?? tenantId ?? run ?? '', causeText(by), why ?? ''];
  });
  return table(['AT', 'WHAT', 'STATE', 'CUSTOMER', 'BY', 'WHY'], rows);
}
