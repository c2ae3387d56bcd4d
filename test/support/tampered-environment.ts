import { afterEach, beforeEach, expect } from '@jest/globals';
import type { Activities } from '../../activities/index.js';
import type { Fixture } from '../../simulator/index.js';
import type { UndoOutcome } from '../../contract/steps.js';
import { person, startActivityEnvironment, untilSuccess, type ActivityEnvironment } from './activity-environment.js';
import { consoleClient } from './console.js';

type Row = Record<string, unknown> & { id: string };

/** A test environment whose vendor may say of its tenants what is not so. */
export interface TamperedEnvironment extends ActivityEnvironment {
  /** Changes the rows of a list of tenants. */
  changeTenants: (rows: Row[]) => Row[];
  /** Changes a single tenant. */
  changeTenant: (tenant: Row) => Row;
  /** Changes the rows of a list of users. */
  changeUsers: (rows: Row[]) => Row[];
  /** Runs just before a call, such as `GET /users`, reaches the vendor. */
  beforeCall: (call: string) => unknown;
  /** Answers a call in place of the vendor; undefined for the vendor's own answer. */
  answerTo: (call: string) => Response | undefined;
  /** Changes a tenant, as a person does in the console. */
  change(tenantId: string, fields: object): Promise<void>;
  /** Adds an account of the administrator there, and uses it. */
  logIn(tenantId: string): Promise<void>;
  /** Undoes what `aTenant` created, with retries until that succeeds or is given up. */
  undo(fields?: Partial<Parameters<Activities['removeCustomerTenant']>[0]>): Promise<UndoOutcome>;
  /** Ids of all customers. */
  ids(): string[];
}

/** Such a test environment for each test of a file. */
export function useTamperedEnvironment(fixture: Fixture): TamperedEnvironment {
  const env = {} as TamperedEnvironment;
  const doctored: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const method = input instanceof Request ? input.method : (init?.method ?? 'GET');
    const call = `${method} ${url.pathname.replace(/^\/api\/2/, '')}`;
    await env.beforeCall(call);
    const answer = env.answerTo(call) ?? (await globalThis.fetch(input, init));
    if (/tenants\/[0-9a-f-]{36}$/.test(url.pathname) && answer.status === 200)
      return Response.json(env.changeTenant((await answer.json()) as Row));
    const ofUsers = url.searchParams.has('subtree_root_tenant_id');
    if (!ofUsers && !url.searchParams.has('parent_id')) return answer;
    const page = (await answer.json()) as { items?: Row[] };
    if (page.items === undefined) return Response.json(page, { status: answer.status });
    const items = ofUsers ? env.changeUsers(page.items) : env.changeTenants(page.items);
    return Response.json({ ...page, items }, { status: answer.status });
  };
  beforeEach(async () => {
    Object.assign(env, await startActivityEnvironment(fixture, undefined, doctored), methods(env));
  });
  afterEach(async () => {
    await env.simulator.close();
    expect(env.simulator.unknownRoutes).toEqual([]);
  });
  return env;
}

function methods(env: TamperedEnvironment): Partial<TamperedEnvironment> {
  return {
    changeTenants: (same) => same,
    changeTenant: (same) => same,
    changeUsers: (same) => same,
    beforeCall: () => undefined,
    answerTo: () => undefined,
    async change(tenantId, fields) {
      const { tenants } = consoleClient(env.simulator);
      const { version } = await tenants.get(tenantId);
      await tenants.update(tenantId, { version, ...fields });
    },
    async logIn(tenantId) {
      env.simulator.world.addUser({ tenant_id: tenantId, login: person.login });
      const { users } = consoleClient(env.simulator);
      for await (const { id } of users.list({ tenantId })) await users.setPassword(id, 'Correct-horse-9');
    },
    async undo(fields = {}) {
      const spec = { ...env.place, logins: [person.login], unsure: false, ...fields };
      return (await untilSuccess(env.activities.removeCustomerTenant, spec)).result;
    },
    ids: () => env.simulator.world.customers().map(({ id }) => id),
  };
}

/** For `beforeCall`: somebody acts before the first call that follows a PUT. */
export function afterFirstPut(act: () => Promise<unknown>): (call: string) => Promise<void> {
  let puts = 0;
  return async (call) => {
    if (call.startsWith('PUT')) puts += 1;
    else if (puts === 1) {
      puts = 2;
      await act();
    }
  };
}
