import { describe, expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { statusText } from '../../client/cli/format.js';
import { codeMarkdown, plainMarkdown } from '../../contract/markdown.js';
import { operationStates, type OperationStatus } from '../../contract/status.js';
import { viewOf, type WhoMustAct } from '../../contract/view.js';
import { statusSchema } from '../../gateway/api/schemas.js';
import { RunView } from '../../gateway/page/run.js';
import { whoMustActWords } from '../../gateway/page/words.js';
import type { Role } from '../../settings/api-keys.js';
import { currentDetails } from '../../workflows/kernel/current-details.js';
import { keyOf } from '../gateway/page/visitor.js';

const at = '2026-11-30T10:00:00.000Z';
const id = 'offboardCustomer:customer-inc';
const common = {
  operation: 'offboardCustomer',
  id,
  steps: [{ name: 'disableTenant', state: 'failed', attempts: 2, lastError: 'not *for* <you>' }],
  startedAt: at,
  updatedAt: at,
  tenantId: 'ca49444f-8719-4a83-a69e-920bd09728c7',
} as const;
const reason = { type: 'Acronis.Forbidden', message: 'not *for* <you> & "others"', step: 'disableTenant' };
const blocked = { ...reason, since: at, choices: ['retry', 'amend', 'abort'] } as const;
const skippable = { ...blocked, until: '2026-12-24T00:00:00.000Z', choices: ['retry', 'amend', 'skip', 'abort'] };
const away = { ...blocked, type: 'Acronis.Unavailable', waitsForCloud: true };
const ahead = { id: 'lockTenant:other', step: 'lockTenant', type: 'Acronis.Quota', message: 'full' };
const leftovers = [{ kind: 'tenant', id: 'a-tenant', reason: 'it has agents', link: 'https://cloud.example/t' }];
const restoring = { window: 'not known', mayBringBack: ['users'], doesNotBringBack: ['agents'] };
const grace = { disabledAt: at, until: '2026-12-24T00:00:00.000Z', next: 'the tenant is deleted', restoring };
const completed = { state: 'completed', changed: true, adopted: [], apiCalls: 7 };

/** What a run is like, who must act, and what that person can choose. */
const rows: [what: string, status: object, who: WhoMustAct, choices: string[]][] = [
  ['runs', { state: 'running' }, 'nobody', []],
  ['waits for its turn', { state: 'running', waitsFor: 'lockTenant:other' }, 'nobody', []],
  [
    'waits behind a blocked run',
    { state: 'running', waitsFor: ahead.id, waitsForBlocked: ahead },
    'operator',
    ['status', 'retry', 'abort'],
  ],
  ['is in its grace', { state: 'running', grace }, 'nobody', ['extendGrace', 'hold', 'restore']],
  [
    'is held in its grace',
    { state: 'running', grace: { ...grace, until: undefined, heldSince: at } },
    'nobody',
    ['extendGrace', 'release', 'restore'],
  ],
  ['is blocked', { state: 'blocked', blocked }, 'operator', ['retry', 'amend', 'abort']],
  [
    'is blocked at a step that may be left out, until a time',
    { state: 'blocked', blocked: skippable },
    'operator',
    ['retry', 'amend', 'skip', 'abort'],
  ],
  ['waits for its cloud', { state: 'blocked', blocked: away }, 'vendor', ['retry', 'amend', 'abort']],
  [
    'waits for credentials',
    { state: 'blocked', blocked: { ...away, type: 'Acronis.Credentials' } },
    'operator',
    ['retry', 'amend', 'abort'],
  ],
  ['is being undone', { state: 'undoing', reason }, 'nobody', []],
  ['has changed something', completed, 'nobody', []],
  ['had nothing to change', { ...completed, changed: false }, 'nobody', []],
  ['has left something over', { ...completed, leftovers }, 'operator', []],
  ...(['undone', 'failed', 'cancelled'] as const).flatMap((state): typeof rows => [
    [`is ${state}`, { state, reason }, 'nobody', []],
    [`is ${state} and has left something over`, { state, reason, leftovers }, 'operator', []],
  ]),
];

const statusOf = (more: object) => JSON.parse(JSON.stringify({ ...common, ...more })) as OperationStatus;

/** What a browser shows. Moments are in the words of the page. */
function pageOf(status: OperationStatus, role: Role): { html: string; text: string } {
  const session = { key: keyOf('ann', role), formToken: 't' };
  const html = renderToString(RunView({ status, subject: 'Customer, Inc', session }));
  const text = html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  return { html, text };
}

const onPage = (text: string) =>
  text.replaceAll(
    /(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\.\d{3}Z/g,
    (_all, day: string, time: string) => `${day} ${time} UTC`,
  );
const decisionsOn = (html: string) =>
  [...html.matchAll(/(?:formaction|href)="\/runs\/[^"/]+\/(retry|amend|skip|abort)"/g)].map(([, choice]) => choice);

test('every state of a run is here', () => {
  const states = rows.map(([, status]) => (status as OperationStatus).state);

  expect([...new Set(states)].toSorted()).toEqual([...operationStates].toSorted());
});

describe.each(rows)('a run that %s', (_what, more, who, choices) => {
  const status = statusOf(more);
  const view = viewOf(status);
  const notes = [...view.grace, ...(view.waiting === undefined ? [] : [view.waiting])];
  const actions = notes.flatMap((note) => note.actions);
  const texts = [...notes.map(({ text }) => text), ...view.facts, ...view.leftovers.map(({ text }) => text)];
  const about = view.about === undefined ? [] : [view.about];

  test('needs the right one, who can do what makes sense', () => {
    expect([view.whoMustAct, actions.map(({ choice }) => choice)]).toEqual([who, choices]);
  });

  test('is the same on the command line', () => {
    const shown = statusText(status);

    for (const said of [view.headline, ...texts, ...actions.map(({ command }) => command)])
      expect(shown).toContain(said);
  });

  test('is the same in Temporal’s UI', () => {
    const shown = currentDetails(status);

    for (const said of [view.headline, ...texts]) expect(shown).toContain(plainMarkdown(said));
    for (const { command } of actions) expect(shown).toContain(codeMarkdown(command));
  });

  test('is whole in the HTTP API, with what can be decided', () => {
    expect(statusSchema.parse(status)).toEqual(status);
    if (status.state === 'blocked') expect(status.blocked.choices).toEqual(choices);
  });

  test('is the same on the page, which lets those decide who may', () => {
    const [mine, theirs] = [pageOf(status, 'decide'), pageOf(status, 'read')];

    for (const { text } of [mine, theirs])
      for (const said of [status.state, ...about, ...texts].map(onPage)) expect(text).toContain(said);
    if (view.about !== undefined) expect(mine.text).toContain(whoMustActWords[who]);
    if (view.leftovers.length > 0) expect(mine.text).toContain('Remove this by hand');
    expect(decisionsOn(mine.html)).toEqual(status.state === 'blocked' ? choices : []);
    expect(decisionsOn(theirs.html)).toEqual([]);
    if (status.state === 'blocked') expect(theirs.text).toContain(choices.join(', '));
    for (const { command } of view.grace.flatMap((note) => note.actions)) expect(mine.text).toContain(command);
    if (choices[0] === 'status') expect(mine.html).toContain('href="/runs/lockTenant%3Aother"');
  });
});
