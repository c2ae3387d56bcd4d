import type { Mutant } from './mutant.js';

export const mutantsOfWhoseItWas: readonly Mutant[] = [
  {
    mistake: 'a user removed whose personal tenant is in use',
    file: 'activities/user-removal.ts',
    find: ' ?? (await whyAlive(attempt, user, spec.runSince))',
    replace: '',
    caughtIn: 'workflows/personal-tenants',
    title: 'a user of this run',
  },
  {
    mistake: 'personal tenants not looked into before a tenant is removed',
    file: 'activities/tenant-use.ts',
    find: 'lookForMachinesOf(acronis, living)',
    replace: 'lookForMachinesOf(acronis, [])',
    caughtIn: 'workflows/personal-tenants',
    title: 'a new customer',
  },
  {
    mistake: 'a customer that trusts whatever its tenant is by now',
    file: 'activities/targets.ts',
    find: 'if (expects !== undefined) checkExpectedCustomer(found, expects);',
    replace: '',
    caughtIn: 'workflows/customer/given-away',
  },
  {
    mistake: 'a terminated run taken for one that made nothing',
    file: 'activities/tenants.ts',
    find: ' || spec.lost === true',
    replace: '',
    caughtIn: 'workflows/same-names',
    title: 'follows a terminated run',
  },
  {
    mistake: 'what a person did during a block taken for the own work',
    file: 'activities/lost-answers.ts',
    find: ' || (triedBefore && !mayHaveActed)',
    replace: '',
    caughtIn: 'workflows/done-by-whom',
    title: 'a role',
  },
  {
    mistake: 'a change that a proxy has sent twice taken for no change',
    file: 'activities/activity.ts',
    find: '  if (isRefusedVersion(error)) memory.refusedVersion = true;\n',
    replace: '',
    caughtIn: 'workflows/done-by-whom',
    title: 'sent twice',
  },
];
