import type { Mutant } from './mutant.js';

export const activityMutants: readonly Mutant[] = [
  {
    mistake: 'no mark on the tenant',
    file: 'activities/tenants.ts',
    find: 'internal_tag: markText(mark)',
    replace: 'internal_tag: undefined',
    caughtIn: 'activities/each-fault',
    title: 'ensureCustomerTenant',
  },
  {
    mistake: 'no look before a second try',
    file: 'activities/tenants.ts',
    find: 'if (spec.look || !attempt.first) {',
    replace: 'if (spec.look) {',
    caughtIn: 'workflows/same-names',
  },
  {
    mistake: 'a partner taken for the customer of the same reference',
    file: 'activities/tenants.ts',
    find: 'kind === undefined || tenant.kind === kind',
    replace: 'kind !== undefined || tenant.kind === kind',
    caughtIn: 'workflows/provision-partner.test',
    title: 'one reference',
  },
  {
    mistake: 'a version carried over instead of read anew',
    file: 'activities/tenant-changes.ts',
    find: 'version: tenant.version, ...to',
    replace: 'version: 1, ...to',
    caughtIn: 'activities/adoption-and-removal',
    title: 'read anew',
  },
  {
    mistake: 'a password in a result',
    file: 'activities/access.ts',
    find: `        await acronis.users.setPassword(userId, await secret(secretRef));
        return { result: null };`,
    replace: `        const result = await secret(secretRef);
        await acronis.users.setPassword(userId, result);
        return { result: result as unknown as null };`,
    caughtIn: 'activities/adoption-and-removal',
    title: 'a password reaches the cloud',
  },
  {
    mistake: 'undo of a tenant that was adopted',
    file: 'activities/tenants.ts',
    find: "marked.find(({ whose }) => whose === 'ours')?.tenant",
    replace: 'marked[0]?.tenant',
    caughtIn: 'activities/adoption-and-removal',
    title: 'adopted and never removed',
  },
  {
    mistake: 'a tenant is removed although others have moved in',
    file: 'activities/tenants.ts',
    find: '  if (reason !== undefined)',
    replace: "  if (reason === 'never')",
    caughtIn: 'activities/adoption-and-removal',
    title: 'somebody else has',
  },
  {
    mistake: 'no heartbeat while a call is open',
    file: 'activities/attempt.ts',
    find: 'setInterval(remember, HEARTBEAT_MS)',
    replace: 'setInterval(() => undefined, HEARTBEAT_MS)',
    caughtIn: 'workflows/provision-faults',
    title: 'longer than a worker may be silent',
  },
  {
    mistake: 'a third mail',
    file: 'activities/access.ts',
    find: 'MOST_UNCONFIRMED_MAILS = 2',
    replace: 'MOST_UNCONFIRMED_MAILS = 9',
    caughtIn: 'activities/each-fault',
    title: 'two mails at most',
  },
  {
    mistake: 'a repeat says that it made the difference',
    file: 'activities/tenant-changes.ts',
    find: ': { result: null, adopted: true, changed: !first };',
    replace: ': { result: null, adopted: true, changed: first };',
    caughtIn: 'workflows/tenant-switches',
    title: 'disableTenant makes the difference',
  },
];
