import type { AnySimulator } from './any-simulator.js';
import { expect } from '@jest/globals';

/** Expects that a customer is provisioned completely, whatever happened during the run. */
export function expectComplete({ world }: AnySimulator, name: string, login: string): void {
  const tenants = world.customers().filter((tenant) => tenant.name === name);
  expect(tenants).toHaveLength(1);
  const id = tenants[0]!.id;
  expect(
    world
      .items(id)
      .map((item) => item.name)
      .sort(),
  ).toEqual(['storage', 'workstations']);
  expect(world.mfa(id)).toBe('enabled');
  const users = world.users(id);
  expect(users.map((user) => user.login)).toEqual([login]);
  expect(world.policies(users[0]!.id).map((policy) => policy.role_id)).toEqual(['company_admin']);
  const mails = world.mails().filter((mail) => mail.login === login).length;
  expect(mails).toBeGreaterThanOrEqual(1);
  expect(mails).toBeLessThanOrEqual(2);
}
