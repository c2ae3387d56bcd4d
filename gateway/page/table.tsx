import type { ComponentChildren, VNode } from 'preact';

export interface Column<Row> {
  title: string;
  cell(row: Row): ComponentChildren;
}

interface TableProps<Row> {
  /** What the rows are, for those who hear the screen. */
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
}

/**
 * Rows under columns; on a phone each row is a card, with the name of the column beside each value. The roles are said
 * because a browser takes them from a table that is drawn as cards.
 */
export function Table<Row>({ name, columns, rows }: TableProps<Row>): VNode {
  return (
    <div class="card table" role="region" aria-label={name} tabIndex={0}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ title }) => (
              <th key={title} role="columnheader" scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, at) => (
            <tr key={at} role="row">
              {columns.map(({ title, cell }) => (
                <td key={title} role="cell" data-column={title}>
                  <div>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
