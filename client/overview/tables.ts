import { actorText } from '../../contract/actors.js';
import { csvText } from '../csv-text.js';
import type { CalendarItem } from './calendar.js';
import type { Cause, Change } from './changes.js';
import type { Mismatch } from './reconcile.js';
import type { SourceHealth } from './source-health.js';

/** An overview as a table: its columns, and what each item has in them. */
interface Table<Item> {
  columns: readonly string[];
  row: (item: Item) => Readonly<Record<string, string | number | undefined>>;
}

const calendar: Table<CalendarItem> = {
  columns: ['at', 'what', 'ref', 'cloud', 'tenantId', 'run', 'why', 'stopped', 'stops'],
  row: ({ stops, ...item }) => ({ ...item, stops: stops.map(({ what }) => what).join('; ') }),
};

const reconcile: Table<Mismatch> = {
  columns: ['kind', 'ref', 'cloud', 'tenantId', 'name', 'state', 'field', 'sold', 'set', 'why'],
  row: (item) => ({ ...item }),
};

const changes: Table<Change> = {
  columns: ['at', 'kind', 'what', 'state', 'ref', 'cloud', 'tenantId', 'run', 'by', 'why'],
  row: ({ by, ...item }) => ({ ...item, by: causeText(by) }),
};

const sources: Table<SourceHealth> = {
  columns:
    'name kind act mode lastEvent silentSeconds usualSeconds sends sendsWhy lastGood lastBad lastSync nextSync'.split(
      ' ',
    ),
  row: ({ name, kind, act, mode, lastEvent, silence, sends, sendsWhy, signatures, sync }) => ({
    name,
    kind,
    act,
    mode,
    lastEvent: lastEvent?.at,
    silentSeconds: silence?.seconds,
    usualSeconds: silence?.usualSeconds,
    sends,
    sendsWhy,
    lastGood: signatures?.lastGood?.at,
    lastBad: signatures?.lastBad?.at,
    lastSync: sync?.last?.at,
    nextSync: sync?.next,
  }),
};

export const overviewTables = { calendar, reconcile, changes, sources };

/** The items as CSV, below a line with the names of the columns. */
export function overviewCsv<Item>({ columns, row }: Table<Item>, items: readonly Item[]): string {
  return csvText([columns, ...cellsOf({ columns, row }, items)]);
}

function cellsOf<Item>({ columns, row }: Table<Item>, items: readonly Item[]): (string | number)[][] {
  return items.map((item) => {
    const cells = row(item);
    return columns.map((column) => cells[column] ?? '');
  });
}

/** Who or what has caused a change; empty when nobody has recorded it. */
export function causeText(by: Cause | undefined): string {
  if (by === undefined) return '';
  if (by.kind === 'person') return actorText({ actor: by.name, verified: by.verified });
  if (by.kind === 'run') return by.id;
  const { lastEvent, ref = by.id } = by;
  return lastEvent === undefined ? ref : `${ref}, after ${lastEvent.source} ${lastEvent.id}`;
}
