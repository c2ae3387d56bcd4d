import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { isChange } from './cells.js';
import { cleanPlan } from './plan.js';
import { activityNames, simulate } from './simulate.js';
import { everySubject } from './subjects.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const PATIENCE_MS = 600_000;
/** These name machines, a login or a report, not a customer. */
const withoutCustomer = ['applyPlan', 'revokePlan', 'runPlan', 'produceReport', 'resendActivation by login alone'];
/** Operations on many tenants have their outcome for each of them. */
const subjects = everySubject()
  .filter(({ model }) => model.forEach === undefined)
  .filter(
    ({ operation, variant }) => !withoutCustomer.some((one) => [operation, `${operation} ${variant}`].includes(one)),
  )
  .map(({ operation, variant }) => [operation, variant] as const);
/** These make a tenant: before, there is none that a person could give away. */
const making = ['ensureCustomerTenant', 'ensurePartnerTenant'];

/** Plays each change once more: its first try gets 503 without an effect, and a person acts before the next call. */
async function* betweenTries(operation: string, variant: string, act: 'gives all away' | 'switches all off') {
  const { trace } = await simulate(sandbox, cleanPlan(operation, variant));
  for (const { n, route, step } of trace.filter((call) => isChange(call) && !making.includes(call.step!))) {
    const faults = [{ call: n, fault: { refuse: 503, html: true } as const }];
    const strangers = [{ call: n + 1, act }];
    const plan = cleanPlan(operation, variant, { onFailure: 'keep', faults, strangers });
    yield { n, route, step, run: await simulate(sandbox, plan) };
  }
}

test.each(subjects)(
  '%s (%s): nothing is changed in a tenant that a person has given to another customer between two tries',
  async (operation, variant) => {
    for await (const { n, route, step, run } of betweenTries(operation, variant, 'gives all away')) {
      const again = run.trace.filter((call) => call.n > n && call.step === step && isChange(call));
      expect([route, step, again]).toEqual([route, step, []]);
      expect([route, run.status.state]).toEqual([route, 'failed']);
      expect(run.status).toMatchObject({ reason: { message: expect.stringContaining("another customer's by now") } });
    }
  },
  PATIENCE_MS,
);

/** These say that somebody can work in a tenant by now. */
const usable = ['addUser', 'enableBackupUser', 'provisionCustomer', 'provisionPartner', 'resendActivation'];

test.each(subjects.filter(([operation]) => usable.includes(operation)))(
  '%s (%s): no run completes in a tenant that a person has switched off between two tries',
  async (operation, variant) => {
    for await (const { route, step, run } of betweenTries(operation, variant, 'switches all off'))
      expect([route, step, run.status.state]).toEqual([route, step, 'failed']);
  },
  PATIENCE_MS,
);
