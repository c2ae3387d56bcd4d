import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { consoleClient } from '../support/console.js';
import { decideFor, startBlocked, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const MAIL = 'POST /users/{id}/send-activation-email';
let made = 0;

/** A user of a customer of its own, made by somebody else. */
async function aUser({ email = 'user@example.com', kind = 'customer' } = {}) {
  made += 1;
  const login = `Waiting.${made}`;
  const tenantId = env.simulator.world.addTenant({ name: `Waiting ${made}`, kind });
  const { users } = consoleClient(env.simulator);
  const { id } = await users.create({ tenant_id: tenantId, login, contact: { email } });
  env.calls();
  const change = async (fields: object) =>
    void (await users.update(id, { version: (await users.get(id)).version, ...fields }));
  return { id, login, tenantId, users, change, order: { tenant: { id: tenantId }, user: { login } } };
}

const mailsTo = (login: string) => env.simulator.world.mails().filter((mail) => mail.login === login).length;
const resend = async (order: object, id?: string) => await env.run('resendActivation', order, id);

describe('a user who is not activated', () => {
  test('gets the mail again, and once more at each later order', async () => {
    const { id, login, tenantId, order } = await aUser();

    for (const nth of [1, 2, 3]) {
      const status = await resend(order, `resendActivation:${login}`);
      expect(status).toMatchObject({ state: 'completed', changed: true, tenantId, userId: id });
      expect(mailsTo(login)).toBe(nth);
    }
  });

  test.each(['customer', 'partner', 'unit'])(
    'is found by its login alone in a %s, however it is written',
    async (kind) => {
      const { id, login, tenantId } = await aUser({ kind });

      const status = await resend({ user: { login: ` ${login.toUpperCase()} ` } });

      expect(status).toMatchObject({ state: 'completed', tenantId, userId: id });
      expect(mailsTo(login)).toBe(1);
    },
  );

  test('who was made in the console is invited by it, so addUser sends no mail after it', async () => {
    const { id, login, tenantId, users, order } = await aUser();
    await users.replaceAccessPolicies(id, [{ tenantId, roleId: 'backup_user' }]);
    await resend(order);

    const user = { login, email: 'user@example.com' };
    const status = await env.run('addUser', { tenant: { id: tenantId }, user, role: 'backup_user' });

    expect(status).toMatchObject({ state: 'completed', changed: false });
    expect(mailsTo(login)).toBe(1);
  });
});

describe('no mail is sent to', () => {
  test.each<[string, RegExp, (user: Awaited<ReturnType<typeof aUser>>) => Promise<void>]>([
    ['is activated', /activated already/, async ({ users, id }) => await users.setPassword(id, 'Secret-1234')],
    ['has no e-mail address', /no e-mail address/, async ({ change }) => await change({ contact: { email: '' } })],
    [
      'was deleted',
      /was deleted/,
      async ({ users, id, change }) => {
        await change({ enabled: false });
        await users.remove(id, (await users.get(id)).version);
      },
    ],
  ])('a user who %s: the order is refused', async (_words, sentence, act) => {
    const user = await aUser();
    await act(user);
    env.calls();

    const status = await resend(user.order);

    expect(status).toMatchObject({ failureType: 'Refused' });
    expect(JSON.stringify(status)).toMatch(sentence);
    expect(env.calls()).not.toContain(MAIL);
  });

  test('a user of another tenant, or of nobody', async () => {
    const [one, other] = [await aUser(), await aUser()];

    const elsewhere = await resend({ ...one.order, user: { login: other.login } });

    expect(elsewhere).toMatchObject({ failureType: 'Refused' });
    expect(await resend({ user: { login: 'nobody.at.all' } })).toMatchObject({ failureType: 'Refused' });
    expect(env.calls()).not.toContain(MAIL);
  });

  test.each([
    [
      'who is switched off',
      async ({ change }: Awaited<ReturnType<typeof aUser>>, enabled: boolean) => await change({ enabled }),
    ],
    [
      'whose customer is switched off',
      async ({ tenantId }: Awaited<ReturnType<typeof aUser>>, enabled: boolean) => {
        if (enabled) env.simulator.world.enable(tenantId);
        else env.simulator.world.disable(tenantId);
      },
    ],
  ])('a user %s, until a person has switched it on', async (_words, set) => {
    const user = await aUser();
    await set(user, false);
    const handle = await startBlocked(env, 'resendActivation', { ...user.order, onFailure: 'ask' });
    expect((await waitForState(handle, 'blocked')).blocked).toMatchObject({ type: 'Tenantry.SwitchedOff' });
    expect(mailsTo(user.login)).toBe(0);

    await set(user, true);
    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(mailsTo(user.login)).toBe(1);
  });
});

describe('after lost answers', () => {
  test.each<[string, Fault, number]>([
    ['the answer was lost', 'commit-then-drop', 2],
    ['the call was lost', 'drop-before', 1],
    ['the cloud was busy', { refuse: 503 }, 1],
    ['the cloud told the run to wait', { throttle: 1 }, 1],
  ])('%s: the mail goes out, at most twice', async (_words, fault, count) => {
    const { login, order } = await aUser();
    env.simulator.faults.next(MAIL, fault);

    expect(await resend(order)).toMatchObject({ state: 'completed', changed: true });
    expect(mailsTo(login)).toBe(count);
  });

  test('there is never a third mail: the user is named, and a new order sends again', async () => {
    const { id, login, order } = await aUser();
    for (let nth = 0; nth < 2; nth += 1) env.simulator.faults.next(MAIL, 'commit-then-drop');

    const status = await resend(order);

    const reason = expect.stringMatching(/never have been invited.*resendActivation/) as unknown;
    expect(status).toMatchObject({ state: 'completed', leftovers: [{ kind: 'user', id, reason }] });
    expect(mailsTo(login)).toBe(2);
    expect(await resend(order)).toMatchObject({ state: 'completed', changed: true });
    expect(mailsTo(login)).toBe(3);
  });

  test('a user who has activated the account by then gets no second mail', async () => {
    const { id, login, order, users } = await aUser();
    env.simulator.faults.next(MAIL, { lostThen: { refuse: 403 } });
    const handle = await startBlocked(env, 'resendActivation', { ...order, onFailure: 'ask' });
    await users.setPassword(id, 'Secret-1234');

    await decideFor(handle, 'retry');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(mailsTo(login)).toBe(1);
  });
});

test('a run that is given up after the mail names the user: a mail cannot be recalled', async () => {
  const { id, login, order } = await aUser();
  env.simulator.faults.next(MAIL, { lostThen: { refuse: 403 } });

  const status = await resend({ ...order, onFailure: 'undo' });

  const reason = expect.stringMatching(/perhaps sent.*cannot be recalled/) as unknown;
  expect(status).toMatchObject({ failureType: 'Leftovers', leftovers: [{ kind: 'user', id, reason }] });
  expect(mailsTo(login)).toBe(1);
});

test('a run that is given up before the mail leaves nothing', async () => {
  const { login, order } = await aUser();
  env.simulator.faults.next(MAIL, { refuse: 403 });

  expect(await resend({ ...order, onFailure: 'undo' })).toMatchObject({ state: 'failed', failureType: 'Refused' });
  expect(mailsTo(login)).toBe(0);
});
