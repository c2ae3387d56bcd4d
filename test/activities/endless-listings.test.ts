import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  customer,
  attemptAs,
  startActivityEnvironment,
  type ActivityEnvironment,
} from '../support/activity-environment.js';

let env: ActivityEnvironment;
let pagesRead = 0;
let onPage: () => void = () => undefined;

/** Every listing of tenants goes on for ever, with new rows and new cursors. */
const endless: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  if (request.method !== 'GET' || !/\/tenants\?/.test(request.url)) return await fetch(request);
  pagesRead += 1;
  onPage();
  await sleep(5);
  const id = `7d1f0a52-6a0e-4b55-9b0e-${String(pagesRead).padStart(12, '0')}`;
  const tenant = {
    id,
    version: 1,
    name: `Tenant ${pagesRead}`,
    kind: 'customer',
    enabled: true,
    parent_id: env.simulator.rootTenantId,
  };
  return Response.json({ items: [tenant], paging: { cursors: { after: id } } });
};

beforeAll(async () => {
  env = await startActivityEnvironment({}, undefined, endless);
});
afterAll(async () => {
  await env.simulator.close();
});

/** What each kind of activity does that has to list tenants. */
const steps = {
  'a look-up': async () => ['findTenant', { cloud: 'default', tenant: { name: 'Nobody' } }] as const,
  'a change': async () => ['ensureCustomerTenant', { ...env.place, customer, look: true, unsure: true }] as const,
  'an undo': async () => ['removeCustomerTenant', { ...env.place, tenantId: null, unsure: true }] as const,
};

test.each(Object.entries(steps))(
  '%s that is cancelled asks for no other page of a listing that never ends',
  async (_kind, stepOf) => {
    const [name, spec] = await stepOf();
    const { environment } = attemptAs({ attempt: 2 });
    const begun = pagesRead;
    onPage = () => {
      if (pagesRead === begun + 5) environment.cancel('NOT_FOUND');
    };

    const error = await environment
      .run(env.activities[name] as never, spec as never)
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'CancelledFailure' });
    await sleep(50);
    expect(pagesRead - begun).toBe(5);
  },
);

test('an attempt does not outlive its time limit, although nobody cancels it', async () => {
  const { environment } = attemptAs({ attempt: 2, startToCloseTimeoutMs: 50 });
  const [name, spec] = await steps['a change']();
  onPage = () => undefined;

  const error = await environment.run(env.activities[name] as never, spec as never).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ message: 'the attempt took longer than its time limit', nonRetryable: false });
  const ended = pagesRead;
  await sleep(50);
  expect(pagesRead).toBe(ended);
});
