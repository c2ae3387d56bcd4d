import type { Client } from '@temporalio/client';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { inBatches } from '../../client/batches.js';
import { customerStatus } from '../../client/customers.js';
import type { ImportResult } from '../../client/import-results.js';
import { CUSTOMER_QUERY } from '../../contract/customers.js';
import { isBad, nameOf, refOf } from './files.js';

/** Customers that are asked how often they have heard of their row: each question costs a replay. */
const MOST_ASKED = 1000;

/** Everything that is wrong with the outcomes of the rows, and with the customers at the vendor by name. */
export function problemsOfRows(rows: number, results: readonly ImportResult[], names: readonly string[]): string[] {
  const byRef = grouped(results, ({ ref }) => ref);
  const byName = grouped(names, (name) => name);
  const strangers = results.length - rows;
  const ofRows = Array.from({ length: rows }, (_, nth) => {
    const ref = refOf(nth);
    const found = byRef.get(ref) ?? [];
    const { outcome, tenantId, why = '' } = found[0] ?? {};
    const [wanted, count] = isBad(nth) ? ['failed', 0] : ['done', 1];
    const made = byName.get(nameOf(nth))?.length ?? 0;
    return [
      ...(found.length === 1 ? [] : [`${ref} has ${found.length} outcomes`]),
      ...(outcome === wanted ? [] : [`${ref} is ${outcome ?? 'not there'} instead of ${wanted}: ${why}`]),
      ...(made === count ? [] : [`${ref} is there ${made} times instead of ${count}`]),
      ...((tenantId !== undefined) === (count === 1) ? [] : [`${ref} has the tenant ${tenantId}`]),
    ];
  }).flat();
  return [...(strangers === 0 ? [] : [`${results.length} outcomes for ${rows} rows`]), ...ofRows];
}

interface Asked {
  rows: number;
  /** Where something was killed or stopped. */
  near: readonly number[];
  /** So many were under way when a worker or the server was killed: they may be told twice, and notice it. */
  atOnce: number;
  kills: number;
  taskQueue: string;
}

/**
 * Who has heard of its row more or less than once. Of many rows those are asked that were near the places at which
 * something was killed or stopped, and some of all others.
 */
export async function repeatedRows(
  client: Client,
  { rows, near, atOnce, kills, taskQueue }: Asked,
): Promise<{ asked: number; noticed: number; problems: string[] }> {
  let noticed = 0;
  const every = Math.ceil(rows / MOST_ASKED);
  const isAsked = (nth: number) => nth % every === 0 || near.some((place) => Math.abs(place - nth) <= MOST_ASKED / 10);
  const asked = Array.from({ length: rows }, (_, nth) => nth).filter(isAsked);
  const problems = await inBatches(asked, async (nth) => {
    try {
      const events = (await customerStatus(client, { ref: refOf(nth) }, taskQueue))?.events ?? [];
      const counted = events.filter(({ outcome }) => outcome !== 'repeated').length;
      noticed += events.length - counted;
      return counted === 1 ? [] : [`${refOf(nth)} has heard of its row ${counted} times`];
    } catch (error) {
      return [`${refOf(nth)} does not answer: ${await whyStuck(client, refOf(nth))}: ${(error as Error).message}`];
    }
  });
  const tooMany = noticed > atOnce * kills ? [`${noticed} rows were brought twice`] : [];
  return { asked: asked.length, noticed, problems: [...problems.flat(), ...tooMany] };
}

/** What Temporal says of the task of a customer that does not answer. */
async function whyStuck(client: Client, ref: string): Promise<string> {
  const handle = client.workflow.getHandle(customerWorkflowId(ref));
  const { raw } = await handle.describe();
  const answer = await handle.query(CUSTOMER_QUERY).then(
    () => 'it answers later',
    (error: unknown) => String(error),
  );
  return `${JSON.stringify(raw.pendingWorkflowTask ?? 'it has no open task')}, ${answer}`;
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** The first command says that somebody has stopped the import, the second one that it waits for a person. */
export function problemsOfCodes(codes: readonly (number | null)[]): string[] {
  return codes.join() === '5,4' ? [] : [`the commands ended with the codes ${codes.join()} instead of 5,4`];
}
