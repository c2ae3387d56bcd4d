import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  attempt,
  person,
  startActivityEnvironment,
  type ActivityEnvironment,
} from '../support/activity-environment.js';

let env: ActivityEnvironment;
beforeEach(async () => {
  // a cloud that shows no contact
  env = await startActivityEnvironment({}, undefined, async (input, init) => {
    const answer = await globalThis.fetch(input, init);
    if (!new URL((input as Request).url).pathname.includes('/users')) return answer;
    const text = await answer.text();
    const { status, headers } = answer;
    return new Response(text.replaceAll(/"contact":\{[^}]*\}/g, '"contact":null') || null, { status, headers });
  });
});
afterEach(async () => await env.simulator.close());

const field = 'administrator';
const cannotSee =
  /administrator\.email: "acme\.admin" .* does not show its e-mail address.*enter the address.*choose another login/;

async function aTenantWithUser() {
  const tenantId = await env.aTenant();
  const userId = await env.aUser(tenantId);
  const { cloud, mark } = env.place;
  const spec = { cloud, mark, kind: 'customer' as const, parentTenantId: undefined, person, field } as const;
  return { tenantId, userId, spec: { ...spec, tenants: [tenantId] } };
}

test('a user whose e-mail address the cloud does not show is not called somebody else: a person is asked to look', async () => {
  const { spec } = await aTenantWithUser();

  await expect(attempt(env.activities.checkLogin, spec)).rejects.toMatchObject({
    type: 'Acronis.Taken',
    message: expect.stringMatching(cannotSee),
  });
});

test('the user of an earlier run is the same person without it', async () => {
  const { tenantId, userId, spec } = await aTenantWithUser();
  const users = [{ workflowId: 'provisionCustomer:acme', tenantId, userId }];

  expect((await attempt(env.activities.checkLogin, { ...spec, users })).result).toMatchObject({ userId, tenantId });
});

test('a user that a call without an answer may have made is named, not removed, and asked about', async () => {
  const { tenantId, userId } = await aTenantWithUser();
  const spec = { cloud: 'default', tenantId, person, language: 'en' };

  await expect(attempt(env.activities.ensureUser, { ...spec, look: true })).rejects.toMatchObject({
    message: expect.stringMatching(/does not show its e-mail address/),
  });
  const { result } = await attempt(env.activities.removeUser, { ...spec, came: null, unsure: true, doubted: true });

  const reason = expect.stringContaining('does not show its e-mail address');
  expect(result).toEqual({ undone: false, leftovers: [{ kind: 'user', id: userId, reason }] });
});
