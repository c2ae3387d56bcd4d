import type { VNode } from 'preact';
import { mismatchKinds, type Mismatch } from '../../client/overview/reconcile.js';
import { mismatchWords } from '../../client/overview/words.js';
import { About, AllWell } from './overview-pieces.js';
import { State, Text } from './pieces.js';
import { Table, type Column } from './table.js';
import { pathOfLookUp } from './words.js';

interface ReconcileProps {
  items: readonly Mismatch[];
  missing: readonly string[];
  notCompared: readonly string[];
}

const customer: Column<Mismatch> = {
  title: 'Customer',
  cell: (item) => (
    <>
      <About of={item} />
      {item.ref === undefined && item.tenantId !== undefined && (
        <>
          {' '}
          <a class="small" href={pathOfLookUp('tree', item.tenantId)}>
            Look it up
          </a>
        </>
      )}
    </>
  ),
};
const state: Column<Mismatch> = { title: 'State', cell: ({ state: is }) => is !== undefined && <State of={is} /> };
const why: Column<Mismatch> = { title: 'Why', cell: (item) => <Text of={item.why} /> };
const fields: readonly Column<Mismatch>[] = [
  { title: 'Field', cell: ({ field }) => field },
  { title: 'Sold', cell: ({ sold }) => sold },
  { title: 'Set', cell: ({ set }) => set },
];

/** Where what is sold and what is there do not agree, by kind. */
export function ReconcileView({ items, missing, notCompared }: ReconcileProps): VNode {
  return (
    <>
      {items.length === 0 && (
        <AllWell title={missing.length === 0 ? 'Everything agrees' : 'Everything that is known agrees'}>
          Each customer has what was sold, and each tenant has somebody who buys it.
        </AllWell>
      )}
      {mismatchKinds.map((kind) => {
        const rows = items.filter((item) => item.kind === kind);
        return rows.length > 0 && <Kind key={kind} title={mismatchWords[kind]} rows={rows} />;
      })}
      {notCompared.map((sentence) => (
        <p key={sentence} class="quiet small">
          Not compared: {sentence}
        </p>
      ))}
    </>
  );
}

function Kind({ title, rows }: { title: string; rows: readonly Mismatch[] }): VNode {
  const columns = [
    customer,
    ...(rows.some((row) => row.state !== undefined) ? [state] : []),
    ...(rows.some((row) => row.field !== undefined) ? fields : []),
    why,
  ];
  return (
    <section class="part">
      <h2>
        {title} <span class="count">{rows.length}</span>
      </h2>
      <Table name={title} columns={columns} rows={rows} />
    </section>
  );
}
