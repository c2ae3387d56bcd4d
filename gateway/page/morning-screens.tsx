import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import type { Change } from '../../client/overview/changes.js';
import type { Overview, Reconciliation } from '../../client/overview/overviews.js';
import type { Mismatch } from '../../client/overview/reconcile.js';
import type { SourceHealth } from '../../client/overview/source-health.js';
import { overviewTables } from '../../client/overview/tables.js';
import { checkedPart } from '../api/tree/part-of-tree.js';
import { ChangesView } from './changes.js';
import { sessionIn } from './door.js';
import { Choices, Top } from './overview-pieces.js';
import { addOverviewScreen } from './overview-screen.js';
import type { PageParts } from './parts.js';
import { ReconcileView } from './reconcile.js';
import { SourcesView } from './sources.js';

const DAY_MS = 86_400_000;
/** How many days back. */
const spans = [1, 7, 30];
const MOST_SHOWN = 100;

/** What an operator looks at in the morning, besides the calendar. */
export function addMorningScreens(app: FastifyInstance, parts: PageParts): void {
  addReconcile(app, parts);
  addSources(app, parts);
  addChanges(app, parts);
}

function addReconcile(app: FastifyInstance, parts: PageParts): void {
  addOverviewScreen<Mismatch, Reconciliation>(app, parts, {
    path: '/reconcile',
    title: 'Reconcile',
    nameOf: () => '',
    isForParts: true,
    read: async (request) => await parts.overviews.reconcile(await checkedPart(parts, sessionIn(request).key)),
    table: overviewTables.reconcile,
    top: () => (
      <Top
        title="Reconcile"
        about="Where what is sold and what is there do not agree. Nothing is changed here."
        csv="/reconcile.csv"
      />
    ),
    items: (_request, found) => <ReconcileView {...found} />,
  });
}

function addSources(app: FastifyInstance, { sources, sightings, ...parts }: PageParts): void {
  addOverviewScreen<SourceHealth, Overview<SourceHealth>>(
    app,
    { sources, sightings, ...parts },
    {
      path: '/sources',
      title: 'Sources',
      nameOf: () => '',
      read: async () => await parts.overviews.sources(sources(), (name) => sightings.of(name)),
      table: overviewTables.sources,
      top: () => (
        <Top title="Sources" about="The systems that send events, and whether they still do." csv="/sources.csv" />
      ),
      items: (_request, found) => <SourcesView {...found} />,
    },
  );
}

type ChangesPage = Overview<Change> & { next?: string };

function addChanges(app: FastifyInstance, parts: PageParts): void {
  addOverviewScreen<Change, ChangesPage>(app, parts, {
    path: '/changes',
    title: 'Changes',
    nameOf: (request) => `${daysIn(request)} ${afterIn(request) ?? ''}`,
    isForParts: true,
    read: async (request) => {
      const part = await checkedPart(parts, sessionIn(request).key);
      const since = new Date(Date.now() - daysIn(request) * DAY_MS);
      return await parts.overviews.changes({ since, limit: MOST_SHOWN, after: afterIn(request) }, part);
    },
    table: overviewTables.changes,
    top: (request) => <ChangesTop days={daysIn(request)} csv={request.url.replace('/changes', '/changes.csv')} />,
    items: (request, { next, ...found }) => (
      <ChangesView {...found} days={daysIn(request)} older={next && addressOf(daysIn(request), next)} />
    ),
  });
}

function ChangesTop({ days, csv }: { days: number; csv: string }): VNode {
  const choices = spans.map((span) => [addressOf(span), wordsOf(span)] as const);
  return (
    <Top title="Changes" about="What was done, for whom, and by which event or person; newest first." csv={csv}>
      <Choices name="How far back" of={choices} chosen={wordsOf(days)} />
    </Top>
  );
}

const wordsOf = (days: number) => (days === 1 ? '1 day' : `${days} days`);

function addressOf(days: number, after?: string): string {
  const asked = { ...(days !== spans[0] && { days: String(days) }), ...(after !== undefined && { after }) };
  const query = new URLSearchParams(asked).toString();
  return query === '' ? '/changes' : `/changes?${query}`;
}

function daysIn({ query }: FastifyRequest): number {
  const asked = Number((query as { days?: string }).days);
  return spans.includes(asked) ? asked : spans[0]!;
}

function afterIn({ query }: FastifyRequest): string | undefined {
  const { after } = query as { after?: unknown };
  return typeof after === 'string' && after !== '' ? after : undefined;
}
