import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ASK_BRAKE_SIGNAL, BRAKE_ANSWER_SIGNAL, BRAKE_WORKFLOW, WITHDRAW_SIGNAL } from '../../../contract/brake.js';
import { CUSTOMER_WORKFLOW } from '../../../contract/customers.js';
import { answersTo, cloudWithBrake, creating, disabling, gatedWorkflows } from '../../support/gated.js';
import { continueNow, forgetAbout, forgetAndContinue } from '../../support/gated-workflow.js';
import { refusalMessage, waitUntil } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';

const env = useTestEnvironment({}, { workflows: gatedWorkflows });
const aCloud = () => cloudWithBrake(env);
const noticesOf = (cloud: string) => env.notices.filter((one) => 'cloud' in one && one.cloud === cloud);

/** Six customers of a cloud have asked: five were granted, and the last one waits. */
async function engaged() {
  const there = aCloud();
  const customers = [];
  for (const nth of [1, 2, 3, 4, 5]) customers.push(await there.asking(`C-${nth}`, disabling));
  for (const one of customers) expect(await there.whenAnswered(one, 'disable')).toMatchObject({ state: 'granted' });
  const last = await there.asking('C-6', disabling);
  await there.whenWaiting(1);
  return { ...there, customers, last };
}

describe('sixty customers that are cancelled at one time', () => {
  test('wait but for five, with one notice, and each is granted exactly once when a person releases all', async () => {
    const there = aCloud();
    const refs = Array.from({ length: 60 }, (_, nth) => `C-${nth}`);
    const customers = await Promise.all(refs.map(async (ref) => await there.asking(ref, disabling)));

    const { engaged, counts, waiting } = await there.whenWaiting(55);

    expect(engaged).toMatchObject({ why: '6 changes that take something away within an hour, and the limit is 5' });
    expect(counts.hour).toEqual({ granted: 5, limit: 5 });
    expect(waiting[0]).toMatchObject({ kind: 'disable', what: 'disable', why: 'sub_1 is not paid' });

    const creation = await there.asking('new', creating);
    expect(await there.whenAnswered(creation, 'create')).toMatchObject({ state: 'granted' });

    expect(await there.decide('release', { all: true })).toMatchObject({ choice: 'release', answered: 55 });
    const answers = [];
    for (const one of customers)
      answers.push({ ...(await there.whenAnswered(one, 'disable')), times: await answersTo(one) });

    expect(answers.filter(({ state, times }) => state === 'granted' && times === 1)).toHaveLength(refs.length);
    expect(answers.filter(({ by }) => by !== undefined)).toHaveLength(55);
    await waitUntil(async () => noticesOf(there.cloud).length > 0);
    expect(noticesOf(there.cloud)).toEqual([
      { about: 'brake', cloud: there.cloud, type: 'BrakeEngaged', message: engaged!.why, since: engaged!.since },
    ]);
    const after = await there.status();
    expect(after).toMatchObject({ waiting: [], counts: { hour: { granted: 0 } }, decisions: [{ choice: 'release' }] });
    expect(after.engaged).toBeUndefined();
  });
});

describe('an engaged brake', () => {
  test('grants and drops what people name, and says to the customer who has decided', async () => {
    const { asking, whenWaiting, decide, whenAnswered, status, last } = await engaged();
    const other = await asking('C-7', { ...disabling, kind: 'offboard' });
    await whenWaiting(2);

    await decide('drop', { refs: ['C-6'] });
    await decide('release', { refs: ['C-7'] });

    const by = { actor: 'ann', reason: 'the shop was broken' };
    expect(await whenAnswered(last, 'disable')).toMatchObject({ state: 'dropped', by });
    expect(await whenAnswered(other, 'disable')).toMatchObject({ state: 'granted', by });
    expect(await status()).toMatchObject({ engaged: {}, waiting: [] });
  });

  test('forgets what its customer no longer wants, and what is wanted again later is a new question', async () => {
    const { whenWaiting, stateOf, last } = await engaged();
    const before = await stateOf(last, 'disable');

    await last.signal(forgetAbout, 'disable');
    await whenWaiting(0);
    await last.signal('askFor', disabling);
    await whenWaiting(1);

    expect((await stateOf(last, 'disable'))!.question).not.toBe(before!.question);
  });

  test('remembers everything when it continues as new', async () => {
    const { brake, status, whenAnswered, decide, last, cloud } = await engaged();
    const { runId } = await brake.describe();
    const nothing = { customer: 'customer:C-0', question: 'none' };
    for (let sent = 0; sent < 1000; sent += 50)
      await Promise.all(Array.from({ length: 50 }, async () => await brake.signal(WITHDRAW_SIGNAL, nothing)));
    await waitUntil(async () => (await brake.describe()).runId !== runId);

    expect(await status()).toMatchObject({ engaged: {}, waiting: [{ ref: 'C-6' }], counts: { day: { granted: 5 } } });
    await decide('release', { all: true });
    expect(await whenAnswered(last, 'disable')).toMatchObject({ state: 'granted' });
    expect(noticesOf(cloud)).toHaveLength(1);
  });

  test('cannot be cancelled, and what is no question changes nothing', async () => {
    const { brake, status } = await engaged();
    const before = await status();
    await brake.cancel();
    const question = { customer: 'customer:C', question: 'q', ref: 'C', kind: 'disable', customers: 1 };
    for (const content of [
      undefined,
      null,
      'nonsense',
      question,
      { ...question, limits: { hour: -1 } },
      { ...question, limits: { hour: 1e9, hourShare: 1, day: 1e9, dayShare: 1, creations: '1' } },
      { ...question, customer: 'c'.repeat(400) },
      { ...question, kind: 'destroy' },
    ])
      await brake.signal(ASK_BRAKE_SIGNAL, content);
    await brake.signal(WITHDRAW_SIGNAL, { customer: 5 });

    expect(await status()).toEqual(before);
    expect((await brake.describe()).status.name).toBe('RUNNING');
  });

  test.each([[undefined], [{}], [{ cloud: '' }]])('that is started with %j is refused by name', async (start) => {
    const options = { workflowId: randomUUID(), taskQueue: env.taskQueue, args: [start] };
    const handle = await env.client.workflow.start(BRAKE_WORKFLOW, options);
    await expect(handle.result()).rejects.toMatchObject({
      cause: { type: 'InvalidInput', message: expect.stringMatching(/^cloud/) },
    });
  });
});

describe('a decision', () => {
  test('engages the brake by hand, with a notice that says who and why', async () => {
    const { startBrake, decide, asking, whenWaiting, cloud } = aCloud();
    await startBrake();

    await decide('engage', { reason: 'the shop is broken' });
    await asking('C-1', disabling);

    expect(await whenWaiting(1)).toMatchObject({ engaged: { why: 'ann (not verified): the shop is broken' } });
    await waitUntil(async () => noticesOf(cloud).length > 0);
    expect(noticesOf(cloud)).toMatchObject([{ message: 'ann (not verified): the shop is broken' }]);
  });

  test('that makes no sense now is refused with the reason', async () => {
    const there = await engaged();
    const refusals = [
      await refusalMessage(there.decide('release', { all: true, reason: ' ' })),
      await refusalMessage(there.decide('release', { all: true, reason: 'r'.repeat(1001) })),
      await refusalMessage(there.decide('engage')),
      await refusalMessage(there.decide('release')),
      await refusalMessage(there.decide('release', { refs: [] })),
      await refusalMessage(there.decide('drop', { all: true })),
      await refusalMessage(there.decide('drop', { refs: ['C-6'], all: true })),
      await refusalMessage(there.decide('release', { refs: ['C-6'], all: true })),
      await refusalMessage(there.decide('drop', { refs: ['C-6', 'C-9', 'C-1'] })),
    ];
    await there.decide('release', { all: true });
    refusals.push(await refusalMessage(there.decide('release', { all: true })));

    expect(refusals).toEqual([
      'reason is missing: say why',
      'reason is too long: give at most 1000 characters',
      expect.stringMatching(/^engaged already since \d{4}-.*Z: 6 changes/),
      'refs is missing: name the customers that wait',
      'refs is missing: name the customers that wait',
      'all: drop does not take it; name the customers in refs',
      'all: drop does not take it; name the customers in refs',
      'all: give either all or refs',
      'nothing waits for C-9, C-1',
      expect.stringMatching(
        /^the brake is not engaged and nothing waits: ann \(not verified\) chose release at .*Z \(the shop was broken\)$/,
      ),
    ]);
  });
});

describe('a customer', () => {
  test('lets the brake know how many customers its cloud has', async () => {
    const { cloud, asking, brake, status } = aCloud();
    const ids = ['C-1', 'C-2', 'C-3'].map((ref) => `customer:${cloud}:${ref}`);
    const start = { taskQueue: env.taskQueue, args: [{ ref: 'C', cloud }] };
    await Promise.all(
      ids.map(async (workflowId) => await env.client.workflow.start(CUSTOMER_WORKFLOW, { ...start, workflowId })),
    );
    const query = `WorkflowId IN (${ids.map((id) => `'${id}'`).join(', ')})`;
    await waitUntil(async () => (await env.client.workflow.count(query)).count === 3);

    await asking('another', disabling);

    await waitUntil(
      async () =>
        await brake.describe().then(
          () => true,
          () => false,
        ),
    );
    expect(await status()).toMatchObject({ customers: 3 });
  });

  test('gets its answer after it has continued as new', async () => {
    const { last, decide, whenAnswered } = await engaged();
    const { runId } = await last.describe();
    await last.signal(continueNow);
    await waitUntil(async () => (await last.describe()).runId !== runId);

    await decide('release', { all: true });

    expect(await whenAnswered(last, 'disable')).toMatchObject({ state: 'granted' });
  });

  test('takes back what it no longer wants before it continues as new', async () => {
    const { last, whenWaiting } = await engaged();
    const { runId } = await last.describe();

    await last.signal(forgetAndContinue, 'disable');

    await waitUntil(async () => (await last.describe()).runId !== runId);
    await whenWaiting(0);
  });

  test('asks again when somebody has terminated the brake', async () => {
    const { brake, startBrake, decide, asking, whenWaiting } = aCloud();
    await startBrake();
    await decide('engage');
    const customer = await asking('C-1', disabling, 1000);
    await whenWaiting(1);

    await brake.terminate('a test');

    await waitUntil(async () => (await answersTo(customer)) === 1);
  });

  test('asks once, however often it wants the same, and takes no answer to another question', async () => {
    const { last, whenWaiting, stateOf } = await engaged();
    await last.signal('askFor', disabling);
    await last.signal(BRAKE_ANSWER_SIGNAL, { question: 'of somebody else', answer: 'granted' });
    await last.signal(BRAKE_ANSWER_SIGNAL, null);
    await last.signal(BRAKE_ANSWER_SIGNAL, { question: (await stateOf(last, 'disable'))!.question, answer: 'perhaps' });

    expect((await whenWaiting(1)).waiting).toHaveLength(1);
    expect(await stateOf(last, 'disable')).toMatchObject({ state: 'asked' });
  });
});
