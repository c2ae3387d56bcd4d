import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditLine } from '../../../catalogue/audit-lines.js';
import { ASK_BRAKE_SIGNAL, BRAKE_QUERY, startOfBrake, type BrakeStatus } from '../../../contract/brake.js';
import { questionsOf } from '../../support/brakes.js';
import { customersIn } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { anOrder } from '../../support/orders.js';
import { pause } from '../../support/pause.js';
import { waitForState, waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';
import { secretOf, usePage } from './visitor.js';

const env = useVirtualEnvironment({}, { readFacts });
const aCustomer = customersIn(env);
const lines: AuditLine[] = [];
const page = usePage({
  get client() {
    return env.client;
  },
  get taskQueue() {
    return env.taskQueue;
  },
  sources: () => [],
  audit: { write: async (line) => void lines.push(line) },
});

const texts = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

async function visitor(name: string) {
  const cookie = await page.logIn(name);
  const formToken = await page.tokenOf(cookie);
  return {
    see: async (path: string) => await page.get(path, cookie),
    send: async (path: string, fields: Record<string, string> = {}, runs: readonly string[] = []) => {
      const body = new URLSearchParams({ formToken, ...fields });
      for (const run of runs) body.append('run', run);
      return await page.post(path, body, { cookie });
    },
  };
}

describe('one decision for all of a cause', () => {
  const names = ['Bakery Huber', 'Cafe Central', 'Law Office Weiss'];
  const cause = { type: 'Acronis.Taken', step: 'checkLogin' };
  const path = `/cause?${new URLSearchParams(cause).toString()}`;
  const runsIn = (html: string) =>
    [...html.matchAll(/name="run" value="([^"]+)"/g)].map(([, value]) => value!.replaceAll('&quot;', '"'));

  beforeAll(async () => {
    for (const name of names) {
      const order = anOrder({ customer: { name }, administrator: { login: 'demo.admin' }, onFailure: 'ask' });
      await waitForState(await env.start(order, `provisionCustomer:${name}`), 'blocked');
    }
  });

  test('its screen names the cause, the runs and what can be decided, to whom may decide', async () => {
    const { status, html } = await (await visitor('decide')).see(path);

    expect(status).toBe(200);
    for (const words of [
      ...names,
      'One decision for 3 runs',
      'Retry all 3',
      'Abort all 3',
      'is taken by somebody else',
    ])
      expect(texts(html)).toContain(words);
    expect(texts(html)).not.toContain('Skip all');
    expect(runsIn(html)).toHaveLength(3);
    expect((await (await visitor('operate')).see(path)).status).toBe(403);
    expect(texts((await (await visitor('limited')).see(path)).html)).toContain('Nothing waits');
    expect((await (await visitor('decide')).see('/cause?type=x')).status).toBe(404);
  });

  test('without a reason nothing is decided, and who may not decide is refused', async () => {
    const ann = await visitor('decide');
    const runs = runsIn((await ann.see(path)).html);

    const refused = await ann.send('/cause/retry', cause, runs);

    expect(refused.status).toBe(422);
    expect(texts(refused.html)).toContain('Say why: the reason is kept with the decision.');
    expect(runsIn(refused.html)).toEqual(runs);
    expect((await ann.send('/cause/retry', { ...cause, reason: 'r' }, ['["a"]'])).status).toBe(422);
    const { status } = await (await visitor('operate')).send('/cause/retry', { ...cause, reason: 'r' }, runs);
    expect(status).toBe(403);
  });

  test('the runs that were shown are decided for, each as it is then, and each is written down', async () => {
    const ann = await visitor('decide');
    const runs = runsIn((await ann.see(path)).html);
    await env.client.workflow.getHandle(`provisionCustomer:${names[0]}`).executeUpdate('abort', {
      args: [{ actor: 'bob', reason: 'gone' }],
    });
    await env.client.workflow
      .getHandle(`provisionCustomer:${names[0]}`)
      .result()
      .catch(() => undefined);
    lines.length = 0;

    const { status, html } = await ann.send('/cause/abort', { ...cause, reason: 'they went elsewhere' }, runs);

    expect(status).toBe(200);
    expect(texts(html)).toContain('Done: 2 decided, 1 ended meanwhile');
    expect(texts(html)).toMatch(
      /Bakery Huber it is undone ended meanwhile .*Cafe Central abort accepted for checkLogin decided/,
    );
    expect(html).toMatch(/<\/html>$/);
    const ended = await env.client.workflow
      .getHandle(`provisionCustomer:${names[1]}`)
      .result()
      .catch((error: unknown) => error);
    expect(ended).toMatchObject({
      cause: { details: [{ state: 'undone', decisions: [{ actor: 'decide', reason: 'they went elsewhere' }] }] },
    });
    const asked = lines.filter((line) => line.phase === 'asked' && line.id !== undefined);
    expect(asked.map((line) => 'id' in line && line.id)).toEqual([
      `provisionCustomer:${names[1]}`,
      `provisionCustomer:${names[2]}`,
    ]);
    expect(lines.filter((line) => line.phase === 'answered' && line.outcome === 'done')).toHaveLength(3);
    expect(texts((await ann.see(path)).html)).toContain('Nothing waits');
  });

  test('a program decides in the same way, and hears what became of each', async () => {
    const order = anOrder({ administrator: { login: 'demo.admin' }, onFailure: 'ask' });
    await waitForState(await env.start(order, 'provisionCustomer:program'), 'blocked');
    const ask = async (choice: string, body: object, key = 'decide') => {
      const reply = await fetch(`${page.url}/v1/causes/${choice}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretOf(key)}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: reply.status, body: (await reply.json()) as object };
    };

    expect(await ask('retry', { ...cause, reason: 'r' }, 'operate')).toMatchObject({ status: 403 });
    expect(await ask('retry', { ...cause, reason: ' ' })).toMatchObject({ status: 422 });
    expect(await ask('retry', { ...cause, reason: 'r' }, 'limited')).toEqual({ status: 200, body: { items: [] } });
    expect(await ask('skip', { ...cause, reason: 'r' })).toMatchObject({
      body: { items: [{ id: 'provisionCustomer:program', outcome: 'refused' }] },
    });
    expect(await ask('abort', { ...cause, reason: 'r' })).toEqual({
      status: 200,
      body: {
        items: [{ id: 'provisionCustomer:program', outcome: 'decided', message: 'abort accepted for checkLogin' }],
      },
    });
  });
});

describe('the banner', () => {
  const banner = async (name: string) => {
    // a reading counts for a moment
    await pause(3000);
    const { html } = await (await visitor(name)).see('/start');
    return texts(/<div id="banner"[^>]*>(.*?)<\/div>/s.exec(html)![1]!).trim();
  };
  const brake = async () => await env.client.workflow.getHandle('brake:default').query<BrakeStatus>(BRAKE_QUERY);

  test('is empty while everything is done, and says on every screen for whom nothing is done', async () => {
    expect(await banner('read')).toBe('');

    await (await aCustomer({}, { source: 'shop' })).until(({ state }) => state === 'observed');

    expect(await banner('read')).toMatch(/^Observe mode Nothing is done for 1 customer until a person says “Act”/);
    expect(await banner('limited')).toBe('');
  });

  test('says that the brake is engaged and what waits, and the brake is released from the page', async () => {
    const { workflowId, ...start } = startOfBrake('default', env.taskQueue);
    for (const question of questionsOf(8))
      await env.client.workflow.signalWithStart('brake', {
        workflowId,
        ...start,
        signal: ASK_BRAKE_SIGNAL,
        signalArgs: [question],
      });
    await waitUntil(async () => (await brake()).waiting.length === 3);
    const [ann, reader] = [await visitor('decide'), await visitor('read')];

    expect(await banner('read')).toMatch(/^The brake is engaged since .*: nothing is taken .* 3 wait: look and decide/);
    const seen = texts((await reader.see('/brake')).html);
    expect(seen).toMatch(/6 changes that take something away within an hour, and the limit is 5/);
    expect(seen).toMatch(/C-5 Disable not paid/);
    expect(seen).toContain('Your key has the role “read”.');
    expect((await reader.send('/brake/release-all', { reason: 'r' })).status).toBe(403);
    expect((await (await visitor('limited')).see('/brake')).status).toBe(403);

    expect(texts((await ann.send('/brake/release', { reason: 'r' })).html)).toContain('Choose the customers first');
    const unknown = await ann.send('/brake/drop', { reason: 'r', ref: 'C-99' });
    expect([unknown.status, texts(unknown.html)]).toEqual([409, expect.stringContaining('nothing waits for C-99')]);
    expect((await ann.send('/brake/drop', { reason: 'a friend', ref: 'C-5' })).status).toBe(303);
    expect(await banner('read')).toContain('2 wait: look and decide');
    expect((await ann.send('/brake/release-all', { reason: 'the shop is repaired' })).status).toBe(303);

    expect(await banner('read')).toMatch(/^Observe mode/);
    expect((await brake()).decisions).toMatchObject([
      { choice: 'drop', actor: 'decide', reason: 'a friend', answered: 1 },
      { choice: 'release', actor: 'decide', reason: 'the shop is repaired', answered: 2 },
    ]);
  });
});

test('a plan that no worker can make leaves the form as it was, and a start needs no plan', async () => {
  const ann = await visitor('decide');
  const fields = { 'customer.name': 'Hotel Adler', 'administrator.email': 'no' };

  const wrong = await ann.send('/start/provisionCustomer/plan', fields);
  const silent = await ann.send('/start/provisionCustomer/plan', { 'customer.name': 'Hotel Adler' });

  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('id="field-administrator.email-problem"');
  expect(wrong.html).not.toContain('id="plan"');
  expect(silent.status).toBe(200);
  expect(texts(silent.html)).toMatch(/There is no plan at the moment The plan needs a worker, and none runs/);
  expect(texts(silent.html)).toContain('You can start all the same');
  expect(silent.html).toContain('value="Hotel Adler"');
});
