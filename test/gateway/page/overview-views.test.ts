import { describe, expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import type { VNode } from 'preact';
import { calendarOf } from '../../../client/overview/calendar.js';
import type { Change } from '../../../client/overview/changes.js';
import { mismatchesIn } from '../../../client/overview/reconcile.js';
import { healthOf } from '../../../client/overview/source-health.js';
import type { LookUpPage } from '../../../contract/questions.js';
import { BoardView } from '../../../gateway/page/board.js';
import { ChangesView } from '../../../gateway/page/changes.js';
import { ComingNames } from '../../../gateway/page/coming-names.js';
import { ComingView } from '../../../gateway/page/coming.js';
import { Rows } from '../../../gateway/page/look-ups.js';
import { Missing } from '../../../gateway/page/overview-pieces.js';
import { ReconcileView } from '../../../gateway/page/reconcile.js';
import { SourcesView } from '../../../gateway/page/sources.js';
import { day, known, NOW, subscription, tenantState } from '../../client/overview/known.js';
import { keyOf } from './visitor.js';

const html = (node: VNode | null) => (node === null ? '' : renderToString(node));
/** What a person reads. */
const textOf = (node: VNode) =>
  html(node)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('what comes', () => {
  const customers = [
    known({
      ref: 'C-1',
      next: { what: 'suspend', at: day(2), why: 'sub_1 is past due <b>' },
      later: [{ what: 'ask', at: day(4), why: 'sub_1 is still past due' }],
      subscriptions: [subscription({ state: 'past_due' })],
    }),
    known({ ref: 'C-2', cloud: 'eu', subscriptions: [subscription({ ref: 'sub_2', until: day(3) })] }),
  ];
  const deletion = {
    id: 'offboardCustomer:C-3',
    grace: {
      disabledAt: day(-5),
      until: day(5),
      restoring: { window: '30 days', mayBringBack: [], doesNotBringBack: [] },
    },
    tenantId: 'T-3',
  };
  const items = calendarOf(
    { customers, offboardings: [{ status: deletion }] },
    { now: NOW, until: NOW + 7 * 86_400_000 },
  );
  const shownTo = (role: 'read' | 'operate') =>
    html(ComingView({ items, days: 7, session: { key: keyOf('ann', role), formToken: 'token' } }));

  test('can be held by a key that may, where a hold stops it', () => {
    const shown = shownTo('operate');

    expect(shown.match(/action="[^"]+"/g)).toEqual([
      'action="/coming/customers/C-1/hold"',
      'action="/coming/customers/C-1/hold"',
      'action="/coming/runs/offboardCustomer%3AC-3/hold"',
    ]);
    const ids = [...shown.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(shownTo('read')).not.toContain('<form');
  });

  test('says what would stop it, with the command where the page cannot do that', () => {
    const shown = shownTo('read');

    expect(shown).toContain('Because sub_1 is past due &lt;b>.');
    expect(shown).toContain('shop says that sub_1 is paid');
    expect(shown).toContain('<code>tenantry restore offboardCustomer:C-3 --reason &quot;…&quot;</code>');
    expect(shown).not.toContain('tenantry customer hold');
    expect(shown).toContain('href="/customers/C-2?cloud=eu"');
    expect(shown).not.toContain('<b>');
  });

  test('has the name of a tenant whose deletion a person has asked for, read once', async () => {
    const asked: string[] = [];
    const subjects = { of: async ({ id }: { id: string }) => await Promise.resolve((asked.push(id), 'Bakery Huber')) };
    const names = new ComingNames(subjects);
    const [named] = [await names.of({ items, missing: [] }), await names.of({ items, missing: [] })];
    const session = { key: keyOf('ann', 'read'), formToken: 'token' };

    expect(textOf(ComingView({ items: named.items, days: 7, session }))).toMatch(/Bakery Huber is deleted .* T-3/);
    expect(asked).toEqual(['offboardCustomer:C-3']);
  });

  test('is nothing, in words', () => {
    const session = { key: keyOf('ann', 'read'), formToken: 'token' };

    expect(textOf(ComingView({ items: [], days: 30, session }))).toContain('Nothing comes within 30 days');
  });
});

describe('what does not agree', () => {
  test('has a link to its customer, or to the look-up of a tenant that nobody has', () => {
    const items = mismatchesIn({
      customers: [known({ ref: 'C 1', applied: tenantState({ quotas: { workstations: { limit: 20 } } }) }).status],
      taken: new Set(),
      clouds: [{ cloud: 'default', tenants: [{ tenantId: 'T-9', kind: 'customer', name: 'Nobody' } as never] }],
    });
    const shown = html(ReconcileView({ items, missing: [], notCompared: ['the use'] }));

    expect(shown).toContain('href="/customers/C%201"');
    expect(shown).toContain('href="/look-ups/tree?tenant=T-9"');
    expect(shown).toMatch(/data-column="Sold"><div>25<.*data-column="Set"><div>20</);
    expect(shown).toContain('Not compared: the use');
  });

  test('is nothing, as far as that is known', () => {
    const none = { items: [], notCompared: [] };

    expect(textOf(ReconcileView({ ...none, missing: [] }))).toContain('Everything agrees');
    expect(textOf(ReconcileView({ ...none, missing: ['C-1 is not known'] }))).toContain(
      'Everything that is known agrees',
    );
    expect(html(Missing({ of: ['C-1 is not known'] }))).toContain('<li>C-1 is not known</li>');
    expect(html(Missing({ of: [] }))).toBe('');
  });
});

test('a source that does not send comes first, and says why', () => {
  const source = { name: 'shop', kind: 'stripe', act: 'apply', mode: 'live', isListed: false };
  const health = healthOf({ source, customers: [], isPartial: false }, NOW);
  const items = [
    { ...health, name: 'good', sends: 'yes' as const, sendsWhy: 'it is not silent for longer than usual' },
    { ...health, name: 'bad', sends: 'no' as const, sendsWhy: 'it is silent' },
  ];

  expect(textOf(SourcesView({ items }))).toMatch(/bad.*It does not send: it is silent\..*good.*It sends:/);
  expect(textOf(SourcesView({ items: [] }))).toContain('No sources yet');
});

test('a change names who made it, and its run; the older ones are a page away', () => {
  const changes: Change[] = [
    { at: day(0), kind: 'run', what: 'disableTenant', state: 'completed', tenantId: 'T-1', run: 'disableTenant:T-1' },
    {
      at: day(-1),
      kind: 'request',
      what: 'hold',
      ref: 'C-1',
      cloud: 'default',
      by: { kind: 'person', name: 'ann', verified: false },
      why: '<i>',
    },
  ];
  const view = ChangesView({ items: changes, days: 1, older: '/changes?after=x' });

  expect(textOf(view)).toMatch(/Disable tenant completed T-1 not recorded .*Hold C-1 ann \(not verified\) &lt;i>/);
  expect(html(view)).toContain('href="/runs/disableTenant%3AT-1"');
  expect(html(view)).toContain('href="/changes?after=x"');
  expect(textOf(ChangesView({ items: [], days: 7 }))).toContain('Nothing was done in the last 7 days');
});

describe('the rows of a look-up', () => {
  const page: LookUpPage = {
    fields: ['name', 'isOn', 'roles', 'note'],
    rows: [{ name: '<b>', isOn: true, roles: ['a', 'b'], note: null }],
    next: 'n&1',
    note: 'Not for billing.',
  };
  const said = new URLSearchParams({ tenant: 'T 1', after: 'before' });
  const shown = html(Rows({ name: 'users', page, said }));

  test('are a table of what is there, and what is empty everywhere is named', () => {
    expect([...shown.matchAll(/scope="col">([^<]+)/g)].map(([, title]) => title)).toEqual(['Name', 'Is on', 'Roles']);
    expect([...shown.matchAll(/data-column="[^"]+"><div>([^/]*)<\/div>/g)].map(([, cell]) => cell)).toEqual([
      '&lt;b>',
      'yes',
      'a, b',
    ]);
    expect(shown).toContain('Empty in every row: Note.');
    expect(shown).toContain('Not for billing.');
  });

  test('have a next page, a first page and a CSV with the same question', () => {
    expect([...shown.matchAll(/href="([^"]+)"/g)].map(([, path]) => path!.replaceAll('&amp;', '&'))).toEqual([
      '/look-ups/users.csv?tenant=T+1&after=before',
      '/look-ups/users?tenant=T+1&after=n%261#result',
      '/look-ups/users?tenant=T+1#result',
    ]);
    expect(shown).toContain('1 row on this page');
  });

  test('are none, in words', () => {
    const none = { ...page, rows: [], next: undefined };

    expect(textOf(Rows({ name: 'users', page: none as never, said }))).toMatch(/0 rows.*Nothing fits/);
  });
});

describe('the board', () => {
  const board = { open: [], hasMore: false, closed: [], leftovers: [], causes: [], customers: [], workers: 1 };
  const session = { key: keyOf('ann', 'decide'), formToken: 'token' };

  test('counts a rollout that waits among what needs a person, and says what to type', () => {
    const text = textOf(BoardView({ ...board, rollouts: ['rollout:import'], session }));

    expect(text).toContain('Needs a person 1');
    expect(text).toContain('rollout:import waits for a decision');
    expect(text).toContain('tenantry rollout resume rollout:import --reason');
  });
});
