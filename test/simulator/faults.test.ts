import { describe, expect, test } from '@jest/globals';
import { type Fault } from '../../simulator/index.js';
import { codeOf, fetchToken, useCaller } from './caller.js';

const caller = useCaller();
const customers = () => caller.simulator.world.customers();
const post = async () => {
  const fields = { name: 'Acme', kind: 'customer', parent_id: caller.simulator.rootTenantId };
  return await caller.call('POST', '/tenants', fields);
};
const root = async () => await caller.call('GET', `/tenants/${caller.simulator.rootTenantId}`);

describe('each kind of fault', () => {
  test('drop-before: no answer, no effect', async () => {
    caller.simulator.faults.next('POST /tenants', 'drop-before');

    await expect(post()).rejects.toThrow('fetch failed');

    expect(customers()).toEqual([]);
  });

  test('commit-then-drop: no answer, full effect', async () => {
    caller.simulator.faults.next('POST /tenants', 'commit-then-drop');

    await expect(post()).rejects.toThrow('fetch failed');

    expect(customers()).toHaveLength(1);
  });

  test('hang: no answer as long as the caller waits, no effect', async () => {
    caller.simulator.faults.next('*', 'hang');
    const given = AbortSignal.timeout(300);

    await expect(fetch(`${caller.simulator.url}/api/2/tenants`, { signal: given })).rejects.toThrow(/timeout/);

    expect(caller.simulator.journal.calls().at(-1)).toMatchObject({ status: null, fault: 'hang' });
  });

  test('garble: full effect, an answer that cannot be read', async () => {
    caller.simulator.faults.next('POST /tenants', 'garble');

    const answer = await post();

    expect(() => JSON.parse(answer.text) as unknown).toThrow();
    expect(customers()).toHaveLength(1);
  });

  test('expire-tokens: this call and all later ones are 401 until a new token is fetched', async () => {
    caller.simulator.faults.next('POST /tenants', 'expire-tokens');

    expect((await post()).status).toBe(401);
    expect((await post()).status).toBe(401);
    caller.token = await fetchToken(caller.simulator);
    expect((await post()).status).toBe(201);
  });

  test('lostThen: full effect, although the token of the first try has expired', async () => {
    caller.simulator.faults.next('POST /tenants', { lostThen: { refuse: 403 } });
    caller.token = 'one-that-has-expired';

    expect((await post()).status).toBe(401);
    caller.token = await fetchToken(caller.simulator);
    await expect(post()).rejects.toThrow('fetch failed');

    expect(customers()).toHaveLength(1);
    expect((await post()).status).toBe(403);
  });

  test('lostThen: a token that is asked for in between is issued, and the call after it fails', async () => {
    caller.simulator.faults.next('POST /tenants', { lostThen: { refuse: 403 } });
    await expect(post()).rejects.toThrow('fetch failed');

    caller.token = await fetchToken(caller.simulator);

    expect((await root()).status).toBe(403);
    expect((await root()).status).toBe(200);
  });

  test('bump-version: somebody else was quicker', async () => {
    const { id } = await caller.aTenant();
    caller.simulator.faults.next('PUT /tenants/{id}', 'bump-version');

    const answer = await caller.call('PUT', `/tenants/${id}`, { version: 1, language: 'de' });

    expect([answer.status, codeOf(answer)]).toEqual([409, 1001]);
    expect((await caller.call('GET', `/tenants/${id}`)).body).toMatchObject({ version: 2, language: 'en' });
  });

  test.each<[Fault, number, number]>([
    [{ refuse: 403, code: 1002, message: 'no' }, 403, 0],
    [{ refuse: 503 }, 503, 0],
    [{ refuse: 500, commit: true }, 500, 1],
  ])('%j: refused in the platform’s own form', async (fault, status, made) => {
    caller.simulator.faults.next('POST /tenants', fault);

    const answer = await post();

    expect(answer.status).toBe(status);
    expect(answer.body['error']).toMatchObject({ code: 'code' in (fault as object) ? 1002 : status });
    expect(customers()).toHaveLength(made);
  });

  test('refused in HTML, as by a gateway', async () => {
    caller.simulator.faults.next('POST /tenants', { refuse: 502, html: true });

    const answer = await post();

    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'text/html']);
  });

  test('throttle: 429 with the seconds to wait, no effect', async () => {
    caller.simulator.faults.next('POST /tenants', { throttle: 7 });

    const answer = await post();

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
    expect(customers()).toEqual([]);
  });

  test('stale: a new object is hidden for so many reads', async () => {
    caller.simulator.faults.next('POST /tenants', { stale: 2 });
    const { body } = await post();
    const look = async () => (await caller.call('GET', `/tenants/${String(body['id'])}`)).status;

    expect([await look(), await look(), await look()]).toEqual([404, 404, 200]);
  });

  test('stale: a hidden client is not found by its origin either', async () => {
    caller.simulator.faults.next('POST /clients', { stale: 1 });
    const fields = { type: 'api_client', tenant_id: caller.simulator.rootTenantId, origin_id: 'run-1' };
    await caller.call('POST', '/clients', fields);
    const found = async () => (await caller.call('GET', '/clients?origin_id=run-1')).body['items'];

    expect(await found()).toEqual([]);
    expect(await found()).toHaveLength(1);
  });

  test('delay: the effect is there before the answer', async () => {
    caller.simulator.faults.next('POST /tenants', { delay: 60_000 });
    const answer = post().catch((error: unknown) => error);
    while (customers().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

    await caller.simulator.close();

    expect(await answer).toMatchObject({ message: 'fetch failed' });
  });
});

describe('which call it hits', () => {
  test('the next of a route, as often as said, after letting some pass', async () => {
    caller.simulator.faults.next('GET /tenants/{id}', { refuse: 500 }, { after: 1, times: 2 });

    const statuses = [await root(), await post(), await root(), await root(), await root()].map(({ status }) => status);

    expect(statuses).toEqual([200, 201, 500, 500, 200]);
  });

  test('the call with a number in the journal', async () => {
    const next = caller.simulator.journal.count + 2;
    caller.simulator.faults.at(next, { refuse: 500 });

    expect([await root(), await root(), await root()].map(({ status }) => status)).toEqual([200, 500, 200]);
  });

  test('by chance: the same seed hits the same calls, another seed others, and token calls are spared', async () => {
    const pattern = async (seed: number) => {
      caller.simulator.faults.clear();
      caller.simulator.faults.chance(0.5, { refuse: 500 }, { seed });
      const statuses: number[] = [];
      for (let call = 0; call < 40; call += 1) statuses.push((await root()).status);
      return statuses;
    };

    const first = await pattern(1);

    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await pattern(1)).toEqual(first);
    expect(await pattern(2)).not.toEqual(first);
    expect(await fetchToken(caller.simulator)).not.toBe('undefined');
  });

  test('only a call about one customer: one that names it, or something that lies below it', async () => {
    const [ours, theirs] = [await caller.aTenant(), await caller.aTenant()];
    const user = await caller.aUser(ours.id);
    caller.simulator.faults.next('*', { refuse: 500 }, { times: 9, about: [ours.id, 'new.login'] });
    const status = async (path: string) => (await caller.call('GET', path)).status;

    expect(await status(`/tenants/${ours.id}`)).toBe(500);
    expect(await status(`/users/${user.id}`)).toBe(500);
    expect(await status('/users/check_login?username=new.login')).toBe(500);
    expect(await status('/users/check_login?username=other.login')).toBe(204);
    expect(await status(`/tenants/${theirs.id}`)).toBe(200);
  });

  test('none once they are cleared', async () => {
    caller.simulator.faults.next('*', { refuse: 500 });
    caller.simulator.faults.clear();

    expect((await root()).status).toBe(200);
  });
});
