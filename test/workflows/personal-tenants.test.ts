import { expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { decideFor, startBlocked, waitForState } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const MAIL = 'POST /users/{id}/send-activation-email';
let made = 0;

/** What people have done in the personal tenant of a user. */
const lives: readonly [string, (personal: string) => unknown, RegExp][] = [
  [
    'an agent',
    (tenantId) => env.simulator.world.addMachine({ tenantId, hostname: 'laptop' }),
    /personal tenant.*agent.*laptop/,
  ],
  [
    'stored data',
    (tenantId) => {
      env.simulator.world.giveItems(tenantId, 'standard');
      env.simulator.world.setUsage(tenantId, 'storage', 5e11);
    },
    /personal tenant.*storage/,
  ],
  [
    'a registration token',
    async (id) => {
      const scopes = [`urn:acronis.com:tenant-id:${id}:backup_agent_admin`];
      await consoleClient(env.simulator).registrationTokens.create(id, { expires_in: 86_400, scopes });
    },
    /personal tenant.*token/,
  ],
];

async function givenUpWith(operation: string, order: object, live: (personal: string) => unknown) {
  env.simulator.faults.next(MAIL, { refuse: 403 });
  const handle = await startBlocked(env, operation, { ...order, onFailure: 'ask' }, `${operation} ${(made += 1)}`);
  const tenantId = String((await waitForState(handle, 'blocked')).tenantId);
  const user = env.simulator.world.users(tenantId).at(-1)!;
  await live(String(user.personal_tenant_id));
  await decideFor(handle, 'abort');
  return { status: await statusAtEnd(handle), tenantId, user };
}

test.each(lives)(
  'a user of this run in whose personal tenant there is %s stays, and is named',
  async (_w, live, why) => {
    const id = env.simulator.world.addTenant({ name: `Personal ${(made += 1)}`, kind: 'customer' });
    env.simulator.world.giveItems(id, 'standard');
    const login = `personal-${made}`;
    const person = { login, email: `${login}@example.com` };
    const order = { tenant: { id }, user: person, role: 'backup_user' };

    const { status, user } = await givenUpWith('addUser', order, live);

    const reason = expect.stringMatching(why) as unknown;
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'user', id: user.id, reason }] });
    expect(env.simulator.world.users(id)).toMatchObject([{ login, enabled: true }]);
  },
);

test.each(lives)(
  'a new customer in whose user’s personal tenant there is %s stays, and is named',
  async (_w, live, why) => {
    const { status, tenantId } = await givenUpWith('provisionCustomer', anOrder(), live);

    const reason = expect.stringMatching(why) as unknown;
    expect(status).toMatchObject({ state: 'failed', leftovers: [{ kind: 'tenant', id: tenantId, reason }] });
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true, deleted_at: null });
  },
);
