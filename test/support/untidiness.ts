import { traits, type Fixture, type Trait } from '../../simulator/index.js';

/** The cloud of a test file, and the clock of its worker. */
export interface TestWorld {
  fixture: Fixture;
  /** The seed of the steps of the worker's clock. Without it, the clock is right. */
  clockSteps?: number;
}

/** These change no call, and no moment. Every test of workflows has them. */
const harmless: readonly Trait[] = ['sparse', 'news', 'bareErrors', 'repeatedRows', 'slowBodies'];
/**
 * With these, calls fail by themselves, rows are missing, or what a run made is listed later. Tests on a real server make
 * calls at the same time, so they could not tell which call fails. The fault matrix and chaos have these traits.
 */
const disturbing: readonly Trait[] = ['proxies', 'lateAnswers', 'lateLists', 'lostRows', 'mixedAnswers', 'sameNames'];

/** Test files whose cloud has every trait that disturbs no call. */
const untidy: readonly string[] = [
  'after-a-reset',
  'as-ordered',
  'cancelled-waiting',
  'create-api-client',
  'desk-cloud',
  'desk-lasting',
  'desk-refusals',
  'disable-applications',
  'given-away',
  'offboard-grace',
  'add-user',
  'adopted-undo',
  'api-client-rotation',
  'contacts',
  'create-plan',
  'impersonate-user',
  'late-steps',
  'named-as-typed',
  'offboard-customer',
  'offboard-revived',
  'out-of-reach',
  'password-of-the-living',
  'provision-refusals',
  'provision-undo',
  'restore-waits',
  'run-plan',
  'sign-of-undo',
  'switch-to-production',
  'targets',
  'tenant-switches',
  'update-partners',
  'change-entitlement',
  'change-entitlement-limits',
  'provision-without-administrator',
  'resend-activation',
  'update-contact',
];

/** Test files whose promises depend on tidy answers in a further way, and why. */
const tidy: Readonly<Record<string, string>> = {
  'amended-before': 'compares how often two runs look',
  'issue-agent-token': 'compares the end of a token with the clock of the test',
  'given-again': 'counts the reads until a tenant is listed, so pages may not be shorter',
  'create-resource-group': 'counts the reads until a group is listed',
  'lost-second-tenant': 'counts the reads until a second tenant is listed',
};

/** The world of a test file: tests of workflows have an untidy one, with a seed from the name of the file. */
export function worldOf(file: string): TestWorld {
  const [, name] = /workflows\/(.+)\.test\.[jt]s$/.exec(file) ?? [];
  if (name === undefined) return { fixture: {} };
  const seed = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1009, 7);
  if (name in tidy || !untidy.includes(name)) return { fixture: { untidy: { seed, traits: harmless } } };
  const places = { storages: 2, drSites: 2, fileStorages: 2 };
  return {
    fixture: { untidy: { seed, traits: traits.filter((trait) => !disturbing.includes(trait)) }, ...places },
    clockSteps: seed,
  };
}
