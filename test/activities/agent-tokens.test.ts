import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ownLife } from '../../activities/token-life.js';
import { storedSecrets } from '../support/activities.js';
import {
  afterLostAnswer,
  attempt,
  startActivityEnvironment,
  untilSuccess,
  type ActivityEnvironment,
} from '../support/activity-environment.js';

let env: ActivityEnvironment;
beforeAll(async () => {
  env = await startActivityEnvironment();
});
afterAll(() => env.simulator.close());

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

test('a token of this run lives a little less than ordered, and as long as no round number of minutes', () => {
  const marks = Array.from({ length: 200 }, (_, n) => ({ environment: 'test', key: `k${n}`, runId: `r${n}` }));

  const lives = marks.map((mark) => ownLife(mark, ordered)!);

  expect(lives.every((life) => life < ordered && life >= ordered * 0.98)).toBe(true);
  expect(new Set(lives).size).toBeGreaterThan(100);
  expect(ownLife(marks[0], ordered)).toBe(ownLife(marks[0], ordered));
});

describe('an undo', () => {
  test('takes back the token that the cloud has answered, and forgets it', async () => {
    const order = anOrder();
    const came = await issue(order);

    expect(await revoke(order, came, false)).toEqual({ undone: true, leftovers: [] });
    expect([tokens(order), storedSecrets.has(order.secret)]).toEqual([[], false]);
  });

  test('takes back the token of a lost answer too, which is listed later than the one that was answered', async () => {
    const order = anOrder();
    const came = await issue(order);
    env.simulator.faults.next(POST, { stale: 1 });
    await issue(order);

    expect(await revoke(order, came, true)).toEqual({ undone: true, leftovers: [] });
    expect(tokens(order)).toEqual([]);
  });

  test('leaves in the store what somebody has put in its place meanwhile', async () => {
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

  test('takes back the token of a lost answer, which its life tells from a person’s', async () => {
    const order = anOrder();
    await issue(order);
    const other = await byHand(order);

    expect(await revoke(order, null, true)).toEqual({ undone: true, leftovers: [] });
    expect(tokens(order)).toEqual([other]);
  });

  test('names two that nobody can tell apart, and revokes neither', async () => {
    const order = anOrder();
    await issue(order);
    await issue(order);

    const { undone, leftovers } = await revoke(order, null, true);

    expect([undone, leftovers.map(({ kind, id }) => [kind, id])]).toEqual([
      false,
      tokens(order).map((id) => ['agent-token', id]),
    ]);
  });

  test('names a token whose time is too short to tell whose it is', async () => {
    const order = anOrder({ expiresInSeconds: 600 });
    const other = await byHand(order, 600);

    expect((await revoke(order, null, true)).leftovers).toEqual([expect.objectContaining({ id: other })]);
    expect(tokens(order)).toEqual([other]);
  });
});

describe('after a lost answer', () => {
  test('the lost token is taken over, and no person’s', async () => {
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
