import type { CalendarItem } from '../overview/calendar.js';
import type { Change } from '../overview/changes.js';
import type { Mismatch } from '../overview/reconcile.js';
import type { SourceHealth } from '../overview/source-health.js';
import { causeText } from '../overview/tables.js';
import { table } from './output.js';
import { joinLines } from './printable.js';

const words: Readonly<Record<CalendarItem['what'], string>> = {
  suspend: 'is suspended',
  delete: 'is deleted',
  trialEnd: 'trial ends',
  end: 'subscription ends',
  ask: 'a person is asked',
};

/** What comes, each with what would stop it and the command lines to type. */
export function calendarText(items: readonly CalendarItem[], days: number): string {
  if (items.length === 0) return `nothing comes within ${days} days`;
  return joinLines(
    items.flatMap(({ at, what, ref, tenantId, run, why, stopped, stops }) => [
      `${at}  ${ref ?? tenantId ?? run ?? ''}: ${words[what]}, because ${why}`,
      ...(stopped === undefined ? [] : [`  not now: ${stopped}`]),
      ...stops.map(({ what: stop, command }) => `  stopped when ${stop}${command === undefined ? '' : `: ${command}`}`),
    ]),
  );
}

const headings: Readonly<Record<Mismatch['kind'], string>> = {
  soldWithoutTenant: 'Sold, and there is no tenant',
  tenantWithoutSale: 'A tenant, and nothing is sold',
  soldIsNotSet: 'Set otherwise than sold',
  notSold: 'Set, and not sold',
  suspendedAndBilled: 'Disabled, and still billed',
};

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
      return [`${headings[kind]}: ${rows.length}`, ...table(columns, rows).split('\n')];
    }),
  );
}

/** How each source is. */
export function sourcesText(items: readonly SourceHealth[]): string {
  if (items.length === 0) return 'sources.json has no source';
  return joinLines(items.flatMap(sourceLines));
}

function sourceLines({ name, kind, act, mode, lastEvent, silence, sends, sendsWhy, sync }: SourceHealth): string[] {
  const usual = silence?.usualSeconds === undefined ? '' : `, at most ${timeText(silence.usualSeconds)} is usual`;
  const still = { yes: 'it sends', no: 'IT DOES NOT SEND', unknown: 'whether it sends is not known' }[sends];
  return [
    `${name} (${kind}, ${mode}, ${act})`,
    lastEvent === undefined
      ? '  no event is known'
      : `  last event: ${lastEvent.at}${lastEvent.type === undefined ? '' : ` ${lastEvent.type}`}`,
    ...(silence === undefined ? [] : [`  silent for ${timeText(silence.seconds)}${usual}`]),
    `  ${still}: ${sendsWhy}`,
    ...syncLines(sync),
  ];
}

function syncLines(sync: SourceHealth['sync']): string[] {
  if (sync === undefined) return ['  it is not listed: its API is not read'];
  const { running, last, failed, next, notDaily } = sync;
  const unusable = last === undefined || last.unusable === 0 ? '' : `, ${last.unusable} need a person`;
  return [
    last === undefined
      ? '  no listing of it is known'
      : `  last listed: ${last.at}, ${last.listed} objects, ${last.delivered} facts${unusable}`,
    ...(failed === undefined ? [] : [`  the listing of ${failed.at} is not believed: ${failed.why}`]),
    ...(running === undefined ? [] : [`  being listed since ${running.since}: ${running.run}`]),
    ...(next === undefined ? [] : [`  listed next: ${next}`]),
    ...(notDaily === undefined ? [] : [`  not listed daily: ${notDaily}`]),
  ];
}

/** A time in the largest unit that says enough. */
function timeText(seconds: number): string {
  const [unit, size] = (
    [
      ['days', 86_400],
      ['hours', 3600],
      ['minutes', 60],
    ] as const
  ).find(([, one]) => seconds >= 2 * one) ?? ['seconds', 1];
  return `${Math.round(seconds / size)} ${unit}`;
}

/** What was done, newest first. */
export function changesText(items: readonly Change[]): string {
  if (items.length === 0) return 'nothing was done';
  const rows = items.map(({ at, what, state, ref, tenantId, run, by, why }) => {
    return [at, what, state ?? '', ref ?? tenantId ?? run ?? '', causeText(by), why ?? ''];
  });
  return table(['AT', 'WHAT', 'STATE', 'CUSTOMER', 'BY', 'WHY'], rows);
}
