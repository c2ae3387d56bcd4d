import { describe, expect, test } from '@jest/globals';
import { blockedNote, viewOf } from '../../contract/view.js';
import { statusText } from '../../client/cli/format.js';
import { plainMarkdown } from '../../contract/markdown.js';
import type { OperationStatus } from '../../contract/status.js';
import { noticeText } from '../../worker/notices/text.js';
import { currentDetails } from '../../workflows/kernel/current-details.js';

describe('a run that waits for its cloud', () => {
  test.each([
    ['Acronis.Unavailable', 'goes on by itself when the cloud is back, or'],
    [
      'Acronis.Credentials',
      'goes on by itself once you give the workers ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET (',
    ],
    [
      'Tenantry.UnknownCloud',
      'goes on by itself once you start a worker whose file TENANTRY_CLOUDS names the cloud, or',
    ],
  ])('because of %s says what ends that', (type, sentence) => {
    const blocked = {
      step: 'checkLogin',
      type,
      message: 'no',
      since: 'noon',
      choices: [],
      waitsForCloud: true,
    } as const;

    expect(blockedNote('some:run', { ...blocked, choices: [] }).text).toContain(
      `waits at checkLogin since noon; ${sentence}`,
    );
  });
});

describe('a status', () => {
  const common = { operation: 'lockTenant', id: 'some:run', steps: [], startedAt: 'noon', updatedAt: 'one' };
  const blocked = { step: 'lockTenant', type: 'Acronis.Taken', message: 'no', since: 'noon', choices: [] };
  const view = (status: object) => viewOf({ ...common, ...status } as unknown as OperationStatus);

  test.each([
    [{ state: 'running' }, 'since noon'],
    [{ state: 'blocked', blocked }, 'since noon'],
    [{ state: 'cancelled', reason: { type: 'Cancelled', message: 'no' } }, 'from noon to one'],
  ])('has an end only once the run has ended: %j', (status, sentence) => {
    expect(view(status).facts).toEqual([sentence]);
  });

  test('says when nothing had to be changed', () => {
    const completed = { state: 'completed', apiCalls: 2, adopted: [] };

    expect(view({ ...completed, changed: false }).headline).toBe(
      'lockTenant some:run completed; nothing had to be changed',
    );
    expect(view({ ...completed, changed: true }).headline).toBe('lockTenant some:run completed');
  });

  const cloud = { ...blocked, type: 'Acronis.Unavailable', waitsForCloud: true };
  const leftovers = [{ kind: 'tenant', id: 'x', reason: 'no' }];
  const waiting = { waitsFor: 'other:run', waitsForBlocked: { id: 'other:run', step: 'a', type: 'b', message: 'c' } };

  test.each([
    ['a person', { state: 'blocked', blocked }, 'operator'],
    ['the vendor', { state: 'blocked', blocked: cloud }, 'vendor'],
    ['a person', { state: 'blocked', blocked: { ...cloud, type: 'Acronis.Credentials' } }, 'operator'],
    ['nobody', { state: 'running', waitsFor: 'other:run' }, 'nobody'],
    ['a person', { state: 'running', ...waiting }, 'operator'],
    ['nobody', { state: 'undone', reason: blocked }, 'nobody'],
    ['a person', { state: 'failed', reason: blocked, leftovers }, 'operator'],
  ])('says that %s must act: %j', (_who, status, whoMustAct) => {
    expect(view(status).whoMustAct).toBe(whoMustAct);
  });

  test('names what was not done, and why', () => {
    const notDone = [{ field: 'quotas.nas', wanted: 1, used: 2, why: 'the tenant uses 2 of nas, more than 1' }];

    expect(view({ state: 'completed', apiCalls: 2, adopted: [], changed: true, notDone }).results).toMatchObject([
      { text: 'not done: quotas.nas: the tenant uses 2 of nas, more than 1' },
    ]);
  });

  test('names every action with its command', () => {
    const restoring = { window: '', mayBringBack: [], doesNotBringBack: [] };
    const grace = { disabledAt: 'noon', until: 'one', next: 'deleted', restoring };

    const shown = view({ state: 'blocked', id: "jane's run", blocked: { ...blocked, choices: ['retry'] }, grace });

    expect([...shown.grace, shown.waiting!].flatMap(({ actions }) => actions)).toEqual([
      {
        choice: 'extendGrace',
        id: "jane's run",
        command: `tenantry extend-grace 'jane'\\''s run' --by "10 days" --reason "…"`,
      },
      expect.objectContaining({ choice: 'hold' }),
      expect.objectContaining({ choice: 'restore' }),
      expect.objectContaining({ choice: 'retry' }),
    ]);
    expect(view({ state: 'running', ...waiting }).waiting!.actions[0]).toEqual({
      choice: 'status',
      id: 'other:run',
      command: 'tenantry status other:run',
    });
  });

  test('is in the same words on the command line, in Temporal’s UI and in notices', () => {
    const status = { ...common, state: 'blocked', blocked: { ...blocked, choices: ['retry', 'amend', 'abort'] } };
    const { waiting, about } = viewOf(status as unknown as OperationStatus);
    const notice = { about: 'run', run: common.id, operation: common.operation, ...blocked, skippable: false, nth: 0 };
    const texts = [
      statusText(status as unknown as OperationStatus),
      currentDetails(status as unknown as OperationStatus),
      noticeText(notice as never).text,
    ];

    for (const said of [about!, waiting!.text, ...waiting!.actions.map(({ command }) => command)])
      for (const text of texts) expect([said, plainMarkdown(said)].some((words) => text.includes(words))).toBe(true);
  });

  test('that is blocked has the JSON of each decision, for Temporal’s UI', () => {
    const status = { ...common, state: 'blocked', blocked: { ...blocked, choices: ['retry', 'amend'] } };
    const details = viewOf(status as unknown as OperationStatus).updates!.details;

    expect(JSON.parse(details[0]!.slice('retry: '.length))).toEqual({ actor: 'your name', reason: 'why' });
    expect(details[1]).toMatch(/^amend: \{"actor": "your name", "reason": "why", "input": …\}/);
    for (const line of details)
      expect(currentDetails(status as unknown as OperationStatus)).toContain(plainMarkdown(line));
    expect(view({ state: 'completed', apiCalls: 2, adopted: [], changed: true }).updates).toBeUndefined();
  });

  test('of many partners counts how they came out, and names those that were not updated', () => {
    const partners = [
      { id: '1', name: 'One', outcome: 'updated' },
      { id: '2', name: 'Two', outcome: 'refused', reason: 'not this one' },
      { id: '3', name: 'Three', outcome: 'updated' },
      { id: '4', name: 'Four', outcome: 'skipped', reason: 'is disabled' },
    ];

    expect(view({ state: 'completed', changed: true, adopted: [], apiCalls: 9, partners }).results).toEqual([
      {
        text: 'partners: 2 updated, 1 refused, 1 skipped',
        details: ['refused: "Two" (2): not this one', 'skipped: "Four" (4): is disabled'],
        actions: [],
      },
    ]);
  });

  test('of very many partners says how many more were not updated', () => {
    const partners = Array.from({ length: 50 }, (_, nth) => ({ id: `${nth}`, name: 'Some', outcome: 'failed' }));
    const [{ text, details } = { text: '', details: [] }] = view({
      state: 'completed',
      changed: false,
      adopted: [],
      apiCalls: 9,
      partners,
    }).results;

    expect(text).toBe('partners: 50 failed');
    expect(details).toHaveLength(21);
    expect(details.at(-1)).toBe('and 30 more in the field "partners" of the result');
  });
});
