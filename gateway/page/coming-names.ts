import { inBatches } from '../../client/batches.js';
import type { CalendarItem } from '../../client/overview/calendar.js';
import type { Overview } from '../../client/overview/overviews.js';
import { OFFBOARD_CUSTOMER } from '../../workflows/offboard-customer/contract.js';
import type { ComingItem } from './coming.js';
import { Recent } from './recent.js';
import type { Subjects } from './subjects.js';
import { keyOf } from './words.js';

/** How long the name in the input of a run is kept, in milliseconds. */
const KEPT_MS = 600_000;
/** So many names are read for one answer; further runs show the id of their tenant. */
const MOST_READ = 50;

/** What people call the tenants whose deletion comes. An offboarding that a person has started has the name in its input. */
export class ComingNames {
  private readonly names = new Recent<string>(KEPT_MS);

  constructor(private readonly subjects: Pick<Subjects, 'of'>) {}

  /** The same items, with the names that are known. */
  async of({ items, missing }: Overview<CalendarItem>): Promise<Overview<ComingItem>> {
    const unnamed = items.flatMap(({ ref, run }) => (ref === undefined && run !== undefined ? [run] : []));
    const found = new Map<string, string>();
    await inBatches(unnamed.slice(0, MOST_READ), async (id) => {
      const run = { id, operation: OFFBOARD_CUSTOMER };
      const name = await this.names.get(id, async () => await this.subjects.of(run));
      if (name !== keyOf(run)) found.set(id, name);
    });
    const named = items.map((item) => {
      const name = item.ref === undefined ? found.get(item.run ?? '') : undefined;
      return { ...item, ...(name !== undefined && { name }) };
    });
    return { items: named, missing };
  }
}
