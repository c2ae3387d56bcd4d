import { describe, expect, test } from '@jest/globals';
import { ownLifetime } from '../../activities/token-lifetime.js';
import { storedSecrets } from '../support/activities.js';
import { afterLostAnswer, attempt, untilSuccess } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env } = useActivityEnvironment();

const POST = 'POST /tenants/{id}/registration_tokens';
const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];
const ordered = 86_400;
let made = 0;

function anOrder(fields: object = {}) {
  made += 1;
  const tenantId = env.simulator.world.addTenant({ name: `With tokens ${made}` });
  const mark = { environment: 'test', key: `tokens-${made}`, runId: `run-${made}` };
  return {
    cloud: 'default',
    mark,
    tenantId,
    scopes,
    expiresInSeconds: ordered,
    secret: `t${made}`,
    known: [],
    ...fields,
  };
}

type Order = ReturnType<typeof anOrder>;

const issue = async (order: Order) => (await attempt(env.activities.issueAgentToken, { ...order, look: false })).result;
const byHand = async ({ tenantId }: Order, expiresInSeconds = ordered) => {
  const other = { ...anOrder(), tenantId, expiresInSeconds };
  const { mark: _none, ...unmarked } = other;
  return (await attempt(env.activities.issueAgentToken, { ...unmarked, look: false })).result.tokenId;
};
const revoke = async (order: Order, came: object | null, doubted: boolean) =>
  (await attempt(env.activities.revokeAgentToken, { ...order, came: came as never, doubted, unsure: true })).result;
const tokens = ({ tenantId }: Order) => env.simulator.world.registrationTokens(tenantId).map(({ id }) => String(id));

test('a token of this run lives a little less long than ordered, and not a round number of minutes', () => {
  const marks = Array.from({ length: 200 }, (_, n) => ({ environment: 'test', key: `k${n}`, runId: `r${n}` }));

  const lives = marks.map((mark) => ownLifetime(mark, ordered)!);

  expect(lives.every((life) => life < ordered && life >= ordered * 0.98)).toBe(true);
  expect(new Set(lives).size).toBeGreaterThan(100);
  expect(ownLifetime(marks[0], ordered)).toBe(ownLifetime(marks[0], ordered));
});

test('the lifetime of a run’s token is the same in all versions of Tenantry', () => {
  const lifetime = (seconds: number) => ownLifetime({ environment: 'test', key: 'k', runId: 'r' }, seconds);

  expect([1499, 1500, 86_400, 1e9].map(lifetime)).toEqual([null, 1482, 86_142, 999_999_742]);
  expect(ownLifetime(undefined, 86_400)).toBeNull();
});

describe('an undo', () => {
  test('revokes the token in the answer of the cloud, and removes its secret', async () => {
    const order = anOrder();
    const came = await issue(order);

    expect(await revoke(order, came, false)).toEqual({ undone: true, leftovers: [] });
    expect([tokens(order), storedSecrets.has(order.secret)]).toEqual([[], false]);
  });

  test('also revokes the token of a lost answer, listed later than the one that was answered', async () => {
    const order = anOrder();
    const came = await issue(order);
    env.simulator.faults.next(POST, { stale: 1 });
    await issue(order);

    expect(await revoke(order, came, true)).toEqual({ undone: true, leftovers: [] });
    expect(tokens(order)).toEqual([]);
  });

  test('leaves a secret in the store that somebody has put there meanwhile', async () => {
    const order = anOrder();
    const came = await issue(order);
    storedSecrets.set(order.secret, 'something else');

    await revoke(order, came, false);

    expect([tokens(order), storedSecrets.get(order.secret)]).toEqual([[], 'something else']);
  });

  test('never revokes a token that a person has issued meanwhile with the same scopes for the same time', async () => {
    const order = anOrder();
    const other = await byHand(order);

    expect(await revoke(order, null, true)).toEqual({ undone: false, leftovers: [] });
    expect(tokens(order)).toEqual([other]);
  });

  test('revokes the token of a lost answer, whose lifetime differs from a person’s', async () => {
    const order = anOrder();
    await issue(order);
    const other = await byHand(order);

    expect(await revoke(order, null, true)).toEqual({ undone: true, leftovers: [] });
    expect(tokens(order)).toEqual([other]);
  });

  test('names two tokens that look the same, and revokes neither', async () => {
    const order = anOrder();
    await issue(order);
    await issue(order);

    const { undone, leftovers } = await revoke(order, null, true);

    expect([undone, leftovers.map(({ kind, id }) => [kind, id])]).toEqual([
      false,
      tokens(order).map((id) => ['agent-token', id]),
    ]);
  });

  test('names a token whose lifetime is too short to show who issued it', async () => {
    const order = anOrder({ expiresInSeconds: 600 });
    const other = await byHand(order, 600);

    expect((await revoke(order, null, true)).leftovers).toEqual([expect.objectContaining({ id: other })]);
    expect(tokens(order)).toEqual([other]);
  });
});

describe('after a lost answer', () => {
  test('the lost token is adopted, and not a person’s', async () => {
    const order = anOrder();
    const other = await byHand(order);

    const { result, adopted } = await afterLostAnswer(env.activities.issueAgentToken, { ...order, look: false });

    expect(adopted).toBe(true);
    expect(tokens(order).filter((id) => id !== other)).toEqual([result.tokenId]);
  });

  test('another is issued when the call had no effect, although a person has issued one like it', async () => {
    const order = anOrder();
    const other = await byHand(order);
    env.simulator.faults.next(POST, 'drop-before');

    const { result, adopted } = await untilSuccess(env.activities.issueAgentToken, { ...order, look: false });

    expect([adopted, result.tokenId === other, tokens(order).length]).toEqual([false, false, 2]);
  });

  test('another is issued when two could be the lost one, and those are named', async () => {
    const order = anOrder();
    await issue(order);
    await issue(order);
    const doubtful = tokens(order);

    const { result } = await attempt(env.activities.issueAgentToken, { ...order, look: true });

    expect(result.inDoubt).toEqual(doubtful);
    expect(tokens(order)).toEqual([...doubtful, result.tokenId]);
  });

  test('another is issued when two calls were lost, although one of their tokens is listed later', async () => {
    const order = anOrder();
    await issue(order);
    env.simulator.faults.next(POST, { stale: 1 });
    await issue(order);
    const doubtful = tokens(order);

    const { result, adopted } = await attempt(env.activities.issueAgentToken, { ...order, look: false }, 3);

    expect([adopted, result.inDoubt]).toEqual([false, doubtful]);
    expect(tokens(order)).toEqual([...doubtful, result.tokenId]);
  });
});
