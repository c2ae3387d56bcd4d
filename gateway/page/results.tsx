import type { VNode } from 'preact';
import { lineOf } from './board.js';
import { Runs } from './pieces.js';
import type { NamedLine } from './subjects.js';

/** What a search has found. */
export function Results({ search, found }: { search: string; found: readonly NamedLine[] }): VNode {
  return (
    <section class="part">
      <p>
        <a href="/">← Board</a>
      </p>
      <h1>
        {found.length === 0 ? 'Nothing' : found.length} found for “{search}”
      </h1>
      {found.length === 0 ? (
        <p class="card quiet">
          Search by a part of the name, by your own reference, the tenant id, or the id of a run. Of runs that ended
          long ago only the whole reference, tenant id or id is found, and after the retention time of Temporal nothing.
        </p>
      ) : (
        <div class="card list">
          <Runs of={found.map(lineOf)} />
        </div>
      )}
    </section>
  );
}
