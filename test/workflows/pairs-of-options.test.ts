import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { catalogue } from '../../catalogue/index.js';
import { commonFields } from '../../catalogue/input.js';

const read = (operation: string, order: object) => catalogue[operation]!.read(order);
const NAME = 'Northwind';
const aPerson = { login: 'northwind', email: 'admin@example.com' };
const password = { by: 'password', secretRef: 'env:NORTHWIND' };
const customer = { name: NAME };
const tenant = { id: '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69' };
const report = { level: 'accounts' };
const period = { start: '2021-10-01', end: '2021-10-31' };

/** Options that exclude each other, or of which one says nothing without the other: the order, and where it is refused. */
const refused: [string, string, object, RegExp][] = [
  [
    'provisionCustomer',
    'a name as confirm that is not the customer’s',
    { customer, administrator: aPerson, confirm: 'Southwind' },
    /^confirm: must be the customer's exact name \("Northwind"\)$/,
  ],
  [
    'provisionCustomer',
    'production without confirm',
    { customer, administrator: aPerson, billingMode: 'production' },
    /^confirm: .*billingMode: "production"/,
  ],
  [
    'provisionCustomer',
    'an overage of no limit',
    { customer, administrator: aPerson, quotas: { storage: { overage: '1 GiB' } } },
    /^quotas\.storage\.limit: /,
  ],
  [
    'provisionCustomer',
    'an activation and no administrator',
    { customer, activation: { by: 'email' } },
    /^activation: .*"administrator".*"activation"/,
  ],
  [
    'provisionCustomer',
    'a customer that nobody can let anybody into',
    { customer: { ...customer, managedByProvider: false } },
    /^customer\.managedByProvider: .*"administrator"/,
  ],
  ['changeEntitlement', 'to change nothing', { tenant }, /^offeringItems: .*"offeringItems", "quotas" or "remove"/],
  [
    'changeEntitlement',
    'an item to have and to switch off',
    { tenant, offeringItems: ['nas'], remove: ['nas'] },
    /^remove: names "nas", and offeringItems does too/,
  ],
  [
    'changeEntitlement',
    'a rule for quotas, and none',
    { tenant, remove: ['nas'], belowUse: 'set' },
    /^belowUse: goes with quotas/,
  ],
  ['enableBackupUser', 'a tenant and a customer', { tenant, customer, user: aPerson }, /^tenant: .*customer/],
  [
    'enableBackupUser',
    'a tenant and confirm',
    { tenant, user: aPerson, confirm: NAME },
    /^confirm: goes with customer/,
  ],
  [
    'provisionPartner',
    'an edition and all editions',
    { partner: customer, edition: 'standard', editions: 'all' },
    /^edition: .*editions/,
  ],
  [
    'provisionPartner',
    'a password and no administrator',
    { partner: customer, editions: 'all', activation: password },
    /^activation: goes with an administrator/,
  ],
  ['issueAgentToken', 'a tenant and a user', { tenant, user: { login: 'northwind' } }, /^tenant: .*user/],
  [
    'produceReport',
    'a period of what is current',
    { ...report, kind: 'usage_current', period },
    /^period: .*usage_cur/,
  ],
  ['produceReport', 'a summary of no period', { ...report, kind: 'usage_summary' }, /^period: .*usage_summary/],
  ['updateContact', 'none of its options', { tenant }, /^name: .*language and contact/],
  ['updatePartners', 'an edition and all editions', { to: { edition: 'standard', editions: 'all' } }, /^to: .*edition/],
  [
    'addUser',
    'a mail and a password',
    { tenant, user: aPerson, role: 'backup_user', activation: { ...password, by: 'email' } },
    /^activation\.secretRef: /,
  ],
  ...['applyPlan', 'revokePlan', 'runPlan'].map((operation): [string, string, object, RegExp] => [
    operation,
    'an id and a name of a plan',
    { tenant, plan: { id: 'plan', name: 'Plan' }, resources: 'all' },
    /^plan: must be \{"id"\} or \{"name"\}/,
  ]),
];

test.each(refused)('%s refuses %s, naming both', (operation, _words, order, sentence) => {
  const reading = read(operation, order);

  const problems = reading.ok ? [] : reading.problems.map(({ path, message }) => `${path}: ${message}`);
  expect(problems).toContainEqual(expect.stringMatching(sentence));
});

/** Options that go together: nothing of what was written is left out of the order. */
const kept: [string, string, object][] = [
  ['resendActivation', 'a user and its tenant', { tenant, user: { login: 'northwind' } }],
  [
    'updateContact',
    'a name, a language and a contact',
    { tenant, name: NAME, language: 'de', contact: { phone: '1' } },
  ],
  [
    'changeEntitlement',
    'a quota and an item to switch off',
    { tenant, quotas: { nas: { limit: 2 } }, remove: ['vms'] },
  ],
  [
    'changeEntitlement',
    'a quota, a rule for it, and an item to switch off',
    { tenant, quotas: { nas: { limit: 2 } }, belowUse: 'set', remove: ['vms'] },
  ],
  [
    'provisionCustomer',
    'an edition and items',
    { customer, administrator: aPerson, edition: 'pck_per_gigabyte', offeringItems: ['local_storage'] },
  ],
  [
    'provisionCustomer',
    'a place for all and one for a kind',
    { customer, administrator: aPerson, infraId: tenant.id, infra: { dr: tenant.id } },
  ],
  ['provisionCustomer', 'confirm, where nothing needs it', { customer, administrator: aPerson, confirm: NAME }],
  [
    'provisionCustomer',
    'no administrator, and production',
    { customer, billingMode: 'production', confirm: NAME, twoFactor: true },
  ],
  [
    'createPlan',
    'a template and one part of its backup',
    { tenant, name: 'Plan', template: 'servers', backup: { keep: '5 days' } },
  ],
  [
    'provisionPartner',
    'an administrator and a password',
    { partner: customer, editions: 'all', administrator: aPerson, activation: password },
  ],
  [
    'provisionPartner',
    'all editions and quotas',
    { partner: customer, editions: 'all', quotas: { storage: { limit: '10 TiB' } } },
  ],
  [
    'offboardCustomer',
    'a limit for a usage and one for an item',
    { tenant, grace: '1 day', including: { usage: { storage: '1 GiB', pg_base_storage: '1 GiB' } } },
  ],
];

test.each(kept)('%s takes %s, and keeps both', (operation, _words, order) => {
  expect(read(operation, order)).toMatchObject({ ok: true, order });
});

/** Every option of every operation, as far as it is judged above or goes with every other. An option that is new must be judged first. */
const judged: Record<string, string[]> = {
  addUser: ['activation'],
  changeEntitlement: ['belowUse', 'infra', 'infraId', 'offeringItems', 'quotas', 'remove'],
  createApiClient: ['login', 'rotate', 'secret'],
  createPlan: ['backup', 'template'],
  createResourceGroup: ['parentGroupId'],
  disableApplications: ['except'],
  enableBackupUser: ['activation', 'confirm', 'customer', 'infra', 'infraId', 'offeringItems', 'role', 'tenant'],
  issueAgentToken: ['expiresIn', 'scopes', 'secret', 'tenant', 'user'],
  offboardCustomer: ['confirm', 'finalReport', 'including'],
  onboardCustomer: [
    'activation',
    'administrator',
    'billingMode',
    'confirm',
    'edition',
    'infra',
    'infraId',
    'offeringItems',
    'protect',
    'quotas',
    'twoFactor',
  ],
  produceReport: ['format', 'hideZeroUsage', 'period', 'showSkus', 'tenant', 'within'],
  protectCustomer: ['agents', 'backup', 'plan', 'remindAfter', 'secret', 'template', 'tokenFor'],
  provisionCustomer: [
    'activation',
    'administrator',
    'billingMode',
    'confirm',
    'edition',
    'infra',
    'infraId',
    'offeringItems',
    'quotas',
    'twoFactor',
  ],
  provisionPartner: ['activation', 'administrator', 'edition', 'editions', 'quotas'],
  resendActivation: ['tenant'],
  restoreCustomer: ['force'],
  runPlan: ['resources'],
  switchEdition: ['acceptWarnings', 'method'],
  updateContact: ['contact', 'language', 'name'],
  updatePartners: ['root'],
};

test.each(Object.keys(catalogue))('every option of %s is judged', (operation) => {
  const { properties = {}, required = [] } = z.toJSONSchema(catalogue[operation]!.schema, { io: 'input' });
  const options = Object.keys(properties).filter((name) => !required.includes(name) && !(name in commonFields));

  expect(options.toSorted()).toEqual(judged[operation] ?? []);
});
