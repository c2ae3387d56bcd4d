import { describe, expect, test } from '@jest/globals';
import { attempt, attemptAs } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const MAIL = 'POST /users/{id}/send-activation-email';
const { env } = useActivityEnvironment({ each: true });
const mails = () => env.simulator.world.mails().length;
type MailSpec = Parameters<typeof env.activities.sendActivationEmail>[0];

async function anInvitee(): Promise<MailSpec & { tenantId: string }> {
  const tenantId = await env.aTenant();
  return { cloud: 'default', tenantId, userId: await env.aUser(tenantId), look: false };
}

/** An attempt with this number, and what the server keeps of it. */
async function mailIn(spec: MailSpec, number: number, heartbeatDetails?: unknown) {
  const { environment, server } = attemptAs({ attempt: number, heartbeatDetails });
  const outcome = await environment.run(env.activities.sendActivationEmail as never, spec as never).then(
    (done) => ({ done }),
    (failed: unknown) => ({ failed }),
  );
  return { ...(outcome as { done?: { result: unknown }; failed?: unknown }), memory: server.memory };
}

describe('a worker that is killed while it sends the mail', () => {
  test.each([undefined, { apiCalls: 0, failures: {} }])(
    'has sent one, also when Temporal knows nothing of it but %j: there is never a third',
    async (kept) => {
      const spec = await anInvitee();
      await mailIn(spec, 1);
      const second = await mailIn(spec, 2, kept);
      const third = await mailIn(spec, 3, second.memory);

      expect(third.done?.result).toEqual({ unconfirmed: true });
      expect(mails()).toBe(2);
    },
  );

  test('has sent none when it was refused before: two may follow', async () => {
    const spec = await anInvitee();
    env.simulator.faults.next(MAIL, { throttle: 0 });
    const first = await mailIn(spec, 1);
    await mailIn(spec, 2, first.memory);

    expect(mails()).toBe(1);
  });
});

describe('a step that fails after two mails without an answer', () => {
  async function afterTwo() {
    const spec = await anInvitee();
    env.simulator.faults.next(MAIL, 'commit-then-drop', { times: 2 });
    const first = await mailIn(spec, 1);
    const second = await mailIn(spec, 2, first.memory);
    const elsewhere = env.simulator.world.addTenant({ name: 'Elsewhere' });
    env.simulator.world.moveUser(spec.userId, elsewhere);
    const third = await mailIn(spec, 3, second.memory);
    env.simulator.world.moveUser(spec.userId, spec.tenantId);
    return { spec, third };
  }

  test('says so to its next try, which sends no third', async () => {
    const { spec, third } = await afterTwo();
    expect(third.failed).toMatchObject({ type: 'Tenantry.Unexpected', details: [{ mails: 2, unsure: true }] });

    const next = await attempt(env.activities.sendActivationEmail, {
      ...spec,
      look: true,
      unsure: true,
      mailsTried: 2,
    });

    expect(next.result).toEqual({ unconfirmed: true });
    expect(mails()).toBe(2);
  });

  test('leaves an activated user alone, and does not call them uninvited', async () => {
    const { spec } = await afterTwo();
    env.simulator.world.activate(spec.userId);

    const next = await attempt(env.activities.sendActivationEmail, {
      ...spec,
      look: true,
      unsure: true,
      mailsTried: 2,
    });

    expect(next).toMatchObject({ result: null, adopted: true });
  });
});
