import type { VNode } from 'preact';
import type { Change } from '../../client/overview/changes.js';
import { causeText } from '../../client/overview/tables.js';
import { About, AllWell } from './overview-pieces.js';
import { State, Text, Time } from './pieces.js';
import { Table, type Column } from './table.js';
import { inWords, pathOfRun } from './words.js';

interface ChangesProps {
  items: readonly Change[];
  days: number;
  /** Where those are that do not fit here. */
  older?: string | undefined;
}

const columns: readonly Column<Change>[] = [
  { title: 'When', cell: ({ at }) => <Time at={at} /> },
  {
    title: 'What',
    cell: ({ kind, what, state, run }) => (
      <>
        {run === undefined ? inWords(what) : <a href={pathOfRun(run)}>{inWords(what)}</a>}{' '}
        {kind === 'brake' && <span class="quiet small">at the brake </span>}
        {state !== undefined && <State of={state} />}
      </>
    ),
  },
  { title: 'Customer', cell: (change) => <About of={change} /> },
  { title: 'By', cell: ({ by }) => (by === undefined ? <span class="quiet">not recorded</span> : causeText(by)) },
  { title: 'Why', cell: ({ why }) => why !== undefined && <Text of={why} /> },
];

/** What was done, newest first. */
export function ChangesView({ items, days, older }: ChangesProps): VNode {
  if (items.length === 0)
    return (
      <AllWell title={`Nothing was done in the last ${days === 1 ? 'day' : `${days} days`}`}>
        Runs, decisions and what people ask of customers appear here.
      </AllWell>
    );
  return (
    <>
      <Table name="Changes" columns={columns} rows={items} />
      {older !== undefined && (
        <p>
          <a class="button second" href={older}>
            Older
          </a>
        </p>
      )}
    </>
  );
}
