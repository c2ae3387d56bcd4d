import type { VNode } from 'preact';
import type { ListedCustomer } from '../../client/customer-list.js';
import { lineOf } from './board.js';
import { CustomerLines, NotSearched } from './customers.js';
import { Runs } from './pieces.js';
import type { NamedLine } from './subjects.js';

interface ResultsProps {
  search: string;
  found: readonly NamedLine[];
  customers: readonly ListedCustomer[];
  missing: readonly string[];
}

/** What a search has found. */
export function Results({ search, found, customers, missing }: ResultsProps): VNode {
  const count = found.length + customers.length;
  return (
    <section class="part">
      <p>
        <a href="/">← Board</a>
      </p>
      <h1>
        {count === 0 ? 'Nothing' : count} found for “{search}”
      </h1>
      <NotSearched missing={missing} />
      {count === 0 && (
        <p class="card quiet">
          Search by a part of the name, by your own reference, the tenant id, a subscription, a login, or the id of a
          run. Of runs that ended long ago only the whole reference, tenant id or id is found, and after the retention
          time of Temporal nothing.
        </p>
      )}
      {customers.length > 0 && (
        <div class="card list">
          <CustomerLines of={customers} />
        </div>
      )}
      {found.length > 0 && (
        <div class="card list">
          <Runs of={found.map(lineOf)} />
        </div>
      )}
    </section>
  );
}
