import type { Client } from '@temporalio/client';
import { factOfRow, isNewestOf } from '../../../catalogue/imported-rows.js';
import type { CustomerStatus } from '../../../contract/customers.js';
import { mapFact } from '../../../sales-plans/mapping.js';
import type { SalesPlans } from '../../../sales-plans/plans-file.js';
import type { Source } from '../../../sources/sources-file.js';
import { emptyMemory, learn } from '../../../workflows/customer/memory.js';
import { observedStatus } from '../../../workflows/customer/status.js';
import { inBatches } from '../../batches.js';
import { customerStatus } from '../../customers.js';
import { table } from '../table.js';
import type { NumberedRow } from './rows-file.js';

/** What would become of one row. */
export interface PlannedRow {
  line: number;
  ref: string;
  name: string;
  /** What the row sells. */
  sells: string;
  /** `unchanged`: the newest that the customer has heard of this source is this row. */
  is: 'new' | 'changed' | 'unchanged';
  would: string;
}

interface Asked {
  name: string;
  source: Source;
  plans: SalesPlans;
  taskQueue: string;
  onRead?: (done: number) => void;
}

/** What an import of these rows would do. Customers that are known are asked; nothing is sent and nothing changes. */
export async function planImport(client: Client, rows: readonly NumberedRow[], asked: Asked): Promise<PlannedRow[]> {
  const { source, name: sourceName, taskQueue, onRead } = asked;
  const plan = async ({ line, row }: NumberedRow): Promise<PlannedRow> => {
    const { ref, name = '' } = row.customer;
    const now = await customerStatus(client, { ref, cloud: source.cloud }, taskQueue);
    const about = { line, ref, name, sells: sellsText(row.subscription) };
    if (now === undefined) return { ...about, is: 'new', would: wouldOf(firstStatus(row, asked)) };
    if (!isNewestOf(row, sourceName, now.events))
      return { ...about, is: 'changed', would: `tell the customer, which is ${now.state}, what the row says` };
    const would = now.observed ? 'act for the customer, which is only observed' : `nothing: it is ${now.state}`;
    return { ...about, is: 'unchanged', would };
  };
  return await inBatches(rows, plan, onRead);
}

/** The plan as a person reads it. */
export function importPlanText(planned: readonly PlannedRow[]): string {
  const rows = planned.map(({ line, ref, name, sells, is, would }) => [String(line), ref, name, sells, is, would]);
  const count = (is: PlannedRow['is']) => planned.filter((one) => one.is === is).length;
  return [
    table(['LINE', 'CUSTOMER', 'NAME', 'SOLD', 'ROW', 'WOULD'], rows),
    `${planned.length} rows: ${count('new')} new, ${count('changed')} changed, ${count('unchanged')} unchanged`,
  ].join('\n');
}

/** What a customer would do of whom nothing but this row is known. */
function firstStatus(row: NumberedRow['row'], { name, source, plans }: Asked): CustomerStatus {
  const now = Date.now();
  const fact = factOfRow(row, { source: name, at: new Date(now).toISOString() });
  const { cloud } = source;
  const start = { ref: row.customer.ref, ...(cloud !== undefined && { cloud }) };
  return observedStatus(start, learn(emptyMemory(), mapFact(plans, source, fact), now), now);
}

function wouldOf({ wouldDo, waitingFor, blocked }: CustomerStatus): string {
  if (waitingFor !== undefined) return `wait for ${waitingFor}`;
  if (blocked !== undefined) return `ask: ${blocked.message}`;
  return wouldDo === undefined ? 'nothing: nothing is sold that needs a tenant' : wouldDo.operation;
}

function sellsText({ items, state }: NumberedRow['row']['subscription']): string {
  const sold = items.map(
    ({ plan, product, quantity }) => `${quantity === undefined ? '' : `${quantity} × `}${plan ?? product}`,
  );
  return [...sold, ...(state === 'active' ? [] : [state])].join(', ');
}
