import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createBrakeActivities, type BrakeAsk } from '../../activities/brake.js';
import { defaultBrakeLimits, type BrakeLimits, type BrakeQuestion } from '../../contract/brake.js';
import { silent } from '../support/activity-environment.js';

const asked = { ref: 'C-1', kind: 'disable', what: 'disable', why: 'not paid', question: 'q-1' } as const;
const customer = { workflowId: 'customer:C-1', runId: 'run-1' };

/** A Temporal server with so many open customers, by the start of their ids. */
function temporal(count: (query: string) => number) {
  const sent: { id: string; question: BrakeQuestion }[] = [];
  const queries: string[] = [];
  const client = {
    withAbortSignal: async (_signal: AbortSignal, act: () => Promise<unknown>) => await act(),
    withDeadline: async (_at: number, act: () => Promise<unknown>) => await act(),
    workflow: {
      count: async (query: string) => (queries.push(query), { count: count(query) }),
      signalWithStart: async (_type: string, options: { workflowId: string; signalArgs: [BrakeQuestion] }) =>
        void sent.push({ id: options.workflowId, question: options.signalArgs[0] }),
    },
  } as unknown as Client;
  const info = { taskQueue: 'tenantry', workflowExecution: customer };
  const environment = () => new MockActivityEnvironment(info, { logger: silent, client });
  return { sent, queries, environment };
}

function askingWith(brake: BrakeLimits | 'off', server: ReturnType<typeof temporal>, clouds = ['default']) {
  const { askBrake } = createBrakeActivities({ brake, clouds });
  return async (cloud?: string) =>
    await server
      .environment()
      .run<[BrakeAsk], string, typeof askBrake>(askBrake, { ...asked, ...(cloud !== undefined && { cloud }) });
}

afterEach(() => void jest.restoreAllMocks());

describe('a customer that asks', () => {
  test('is granted everything at once where the brake is off, and Temporal is not asked', async () => {
    const server = temporal(() => 9);
    expect(await askingWith('off', server)()).toBe('granted');
    expect([server.sent, server.queries]).toEqual([[], []]);
  });

  test('gives the brake of its cloud the limits of the worker, and the number of customers', async () => {
    const server = temporal(() => 650);
    const limits = { ...defaultBrakeLimits, hour: 3 };

    expect(await askingWith(limits, server)('eu')).toBe('asked');

    const question = { ...asked, customer: 'customer:C-1', limits, customers: 650 };
    expect(server.sent).toEqual([{ id: 'brake:eu', question }]);
    expect(server.queries).toEqual([
      "WorkflowType = 'customer' AND ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH 'customer:eu:'",
    ]);
  });

  test('of the default cloud does not count the customers of other clouds', async () => {
    const server = temporal((query) => (query.includes("'customer:eu:'") ? 100 : 250));
    await askingWith(defaultBrakeLimits, server, ['default', 'eu'])();
    expect(server.sent).toMatchObject([{ id: 'brake:default', question: { customers: 150 } }]);
  });
});

describe('the number of customers', () => {
  test('counts for ten minutes', async () => {
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    let customers = 650;
    const server = temporal(() => customers);
    const ask = askingWith(defaultBrakeLimits, server);
    for (const step of [0, 599_000, 2000]) {
      now += step;
      await ask();
      customers = 700;
    }
    expect(server.sent.map(({ question }) => question.customers)).toEqual([650, 650, 700]);
    expect(server.queries).toHaveLength(2);
  });

  test('is the last one when Temporal does not say it, and 0 when there was none', async () => {
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const answers = [undefined, 650, undefined];
    const server = temporal(() => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('visibility is away');
      return answer;
    });
    const ask = askingWith(defaultBrakeLimits, server);
    for (const step of [0, 0, 700_000]) {
      now += step;
      await ask();
    }
    expect(server.sent.map(({ question }) => question.customers)).toEqual([0, 650, 650]);
  });
});
