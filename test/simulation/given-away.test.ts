import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { isUndo } from '../../workflows/kernel/step-table.js';
import { isChange } from './cells.js';
import { cleanPlan } from './plan.js';
import { simulatorOf } from './simulate-once.js';
import { activityNames } from './simulate.js';
import { everySubject } from './subjects.js';
import { openSandbox } from './vm.js';

const simulate = simulatorOf(openSandbox(bundlePath, activityNames()));
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
  const { trace } = await simulate(cleanPlan(operation, variant));
  for (const { n, route, step } of trace.filter((call) => isChange(call) && !making.includes(call.step!))) {
    const faults = [{ call: n, fault: { refuse: 503, html: true } as const }];
    const strangers = [{ call: n + 1, act }];
    const plan = cleanPlan(operation, variant, {
      onFailure: act === 'gives all away' ? 'undo' : 'keep',
      faults,
      strangers,
    });
    yield { n, route, step, run: await simulate(plan) };
  }
}

test.each(subjects)(
  '%s (%s): nothing is changed in a tenant that a person has given to another customer between two tries, by an undo neither',
  async (operation, variant) => {
    for await (const { n, route, step, run } of betweenTries(operation, variant, 'gives all away')) {
      const late = (name = '') => name === step || isUndo(name);
      const again = run.trace.filter((call) => call.n > n && late(call.step) && isChange(call));
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

const LONG_MS = 60_000;

/** Plays each first call of a change once more: the service is away during the call before, and a person acts meanwhile. */
async function* afterPauses(operation: string, variant: string, act: 'gives all away' | 'switches all off') {
  const { trace } = await simulate(cleanPlan(operation, variant));
  for (const [at, { route, step }] of trace.entries()) {
    const last = trace[at - 1];
    const begins = last !== undefined && last.step !== step && isChange(last) && !making.includes(step!);
    if (!begins || !trace.slice(at).some((call) => call.step === step && isChange(call))) continue;
    const absences = [{ call: last.n, ms: LONG_MS }];
    const plan = cleanPlan(operation, variant, { onFailure: 'keep', absences });
    const slow = await simulate(plan);
    const first = slow.trace.find((call) => call.n > last.n && call.step === step);
    if (first === undefined) throw new Error(`${step} was not done after the pause`);
    const timesOf = (one = '') => slow.status.steps.find(({ name }) => name === one)!;
    // only the server knows how long a step beside it has waited for a worker: `activities/stale-attempts`
    if (timesOf(step).startedAt! < timesOf(last.step).endedAt!) continue;
    // a recheck before the step looks at the tenant, so the person acts before it
    const { n } = slow.trace.find((call) => call.n > last.n && [step, 'checkStillUsable'].includes(call.step))!;
    const strangers = [{ call: n, act }];
    yield { n, route, step, run: await simulate({ ...plan, strangers }) };
  }
}

test.each(subjects)(
  '%s (%s): nothing is changed in a tenant that a person has given to another customer while no worker could go on',
  async (operation, variant) => {
    for await (const { n, route, step, run } of afterPauses(operation, variant, 'gives all away')) {
      // a step beside it may have looked just before
      const changes = run.trace.filter((call) => call.n >= n && call.step === step && isChange(call));
      expect([route, step, changes]).toEqual([route, step, []]);
      expect(run.status).toMatchObject({ reason: { message: expect.stringContaining("another customer's by now") } });
    }
  },
  PATIENCE_MS,
);

test.each(subjects.filter(([operation]) => usable.includes(operation)))(
  '%s (%s): no run completes in a tenant that a person has switched off while no worker could go on',
  async (operation, variant) => {
    for await (const { route, step, run } of afterPauses(operation, variant, 'switches all off'))
      expect([route, step, run.status.state]).toEqual([route, step, 'failed']);
  },
  PATIENCE_MS,
);

test.each(subjects.filter(([operation]) => usable.includes(operation)))(
  '%s (%s): no run completes in a tenant that a person has switched off while no worker could hear its last answer',
  async (operation, variant) => {
    const { trace } = await simulate(cleanPlan(operation, variant));
    const last = trace.findLast(isChange)!;
    const standstills = [{ call: last.n, ms: LONG_MS }];
    const strangers = [{ call: last.n + 1, act: 'switches all off' as const }];
    const plan = cleanPlan(operation, variant, { onFailure: 'keep', standstills, strangers });

    const { status } = await simulate(plan);

    expect(status).toMatchObject({ state: 'failed', reason: { step: 'checkStillUsable' } });
    expect(status.steps.find(({ name }) => name === last.step)).toMatchObject({ attempts: 1 });
  },
  PATIENCE_MS,
);
