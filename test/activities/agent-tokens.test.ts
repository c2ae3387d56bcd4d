import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kept } from '../support/activities.js';
import { attempt, setUpBench, type Bench } from '../support/attempts.js';

let bench: Bench;
beforeAll(async () => {
  bench = await setUpBench();
});
afterAll(() => bench.simulator.close());

async function anIssuedToken(secret: string) {
  const tenantId = bench.simulator.world.addTenant({ name: `For ${secret}` });
  const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];
  const spec = { cloud: 'default', tenantId, scopes, expiresInSeconds: 3600, secret, known: [] };
  await attempt(bench.activities.issueAgentToken, { ...spec, look: false });
  return { ...spec, unsure: false };
}

const tokens = (tenantId: string) => bench.simulator.world.registrationTokens(tenantId);

test('a token that is taken back is good for nothing, and forgotten', async () => {
  const spec = await anIssuedToken('taken-back');

  const { result } = await attempt(bench.activities.revokeAgentToken, spec);

  expect(result).toEqual({ undone: true, leftovers: [] });
  expect([tokens(spec.tenantId), kept.has('taken-back')]).toEqual([[], false]);
});

test('what somebody has put in its place meanwhile stays', async () => {
  const spec = await anIssuedToken('replaced');
  kept.set('replaced', 'something else');

  await attempt(bench.activities.revokeAgentToken, spec);

  expect([tokens(spec.tenantId), kept.get('replaced')]).toEqual([[], 'something else']);
});

test('a token of another life or with other scopes is somebody else’s', async () => {
  const spec = await anIssuedToken('of-mine');

  for (const other of [{ expiresInSeconds: 7200 }, { scopes: ['urn:acronis.com::policy_management:1|2:apply_revoke'] }])
    expect((await attempt(bench.activities.revokeAgentToken, { ...spec, ...other })).result.undone).toBe(false);
  expect(tokens(spec.tenantId)).toHaveLength(1);
});
