import { expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { isChange } from './cells.js';
import { cleanPlan, type Plan } from './plan.js';
import { simulatorOf } from './simulate-once.js';
import { activityNames } from './simulate.js';
import { differences } from './snapshot.js';
import { everySubject } from './subjects.js';
import { openSandbox } from './vm.js';
import type { TracedCall } from './network.js';

const simulate = simulatorOf(openSandbox(bundlePath, activityNames()));
const PATIENCE_MS = 600_000;
/** Operations on many tenants report each outcome and never ask a person. */
const subjects = everySubject()
  .filter(({ model }) => model.forEach === undefined)
  .map(({ operation, variant }) => [operation, variant] as const);

function changesAfter(trace: readonly TracedCall[], call: number): string[] {
  return trace.filter((one) => one.n > call && isChange(one)).map(({ route, step }) => `${route} of ${step}`);
}

/** Refuses a call; the person who is asked aborts. Gives the changes from then on, and what differs in the world. */
async function givenUp(operation: string, variant: string, call: number, fault: Plan['faults'][number]['fault']) {
  const plan = cleanPlan(operation, variant, { onFailure: 'ask', decisions: ['abort'], faults: [{ call, fault }] });
  const { trace, before, after, status } = await simulate(plan);
  return { changes: changesAfter(trace, call), unlike: differences(before, after), status };
}

/**
 * The run gets 429, and meanwhile a person does the same as the call. Then the run goes on; in a second simulation it
 * is cancelled after it has found what the person did.
 */
async function foundDone({ operation, variant, n, step }: Asked) {
  const disturbed = { faults: [{ call: n, fault: { throttle: 2, commit: true } }] };
  const { trace, status } = await simulate(cleanPlan(operation, variant, disturbed));
  const own = trace.filter((one) => one.step === step);
  const doneAgain = own.some((one) => one.n > n && isChange(one) && (one.status ?? 0) < 300);
  const last = own.at(-1)!.n;
  const cancel = { call: last, when: 'during' } as const;
  const cancelled = await simulate(cleanPlan(operation, variant, { ...disturbed, cancel }));
  return { doneAgain, status, changes: changesAfter(cancelled.trace, last) };
}

interface Asked extends Pick<TracedCall, 'n' | 'step'> {
  operation: string;
  variant: string;
}

/** These create tenants with the run's mark, which nobody else can create. */
const marked = ['ensureCustomerTenant', 'ensurePartnerTenant'];

test.each(subjects)(
  '%s (%s): a run that has found done what it was to do takes nothing of that back, though it had tried before and was told to wait',
  async (operation, variant) => {
    const { trace } = await simulate(cleanPlan(operation, variant));
    const changing = trace.filter(isChange);

    for (const { n, route, step } of changing.filter((call) => !marked.includes(call.step!))) {
      const alone = await givenUp(operation, variant, n, { refuse: 403 });
      const { doneAgain, status, changes } = await foundDone({ operation, variant, n, step });

      const more = changes.filter((change) => !alone.changes.includes(change));
      // if the call had an effect again, that effect is the run's own
      if (!doneAgain) expect([route, more]).toEqual([route, []]);
      if (!doneAgain && changing.length === 1) expect([route, status]).toMatchObject([route, { changed: false }]);
    }
  },
  PATIENCE_MS,
);

test.each(subjects)(
  '%s (%s): a run that is cancelled while it waits for its next try takes back what it has done, and nothing that a person has done',
  async (operation, variant) => {
    const { trace } = await simulate(cleanPlan(operation, variant));

    for (const { n, route } of trace.filter(isChange)) {
      const cancelled = async (fault: Plan['faults'][number]['fault']) => {
        const faults = [{ call: n, fault }];
        return await simulate(cleanPlan(operation, variant, { faults, cancel: { call: n, when: 'after' } }));
      };
      const alone = await cancelled({ throttle: 30 });
      const byPerson = await cancelled({ throttle: 30, commit: true });
      const own = await cancelled('commit-then-drop');

      const more = changesAfter(byPerson.trace, n).filter((change) => !changesAfter(alone.trace, n).includes(change));
      expect([route, more]).toEqual([route, []]);
      const left = 'leftovers' in own.status ? [] : differences(own.before, own.after);
      expect([route, left]).toEqual([route, []]);
    }
  },
  PATIENCE_MS,
);

test.each(subjects)(
  '%s (%s): giving up after a refusal takes nothing back that a person has done meanwhile in the place of the run',
  async (operation, variant) => {
    const { trace } = await simulate(cleanPlan(operation, variant));
    const changing = trace.filter(isChange);

    for (const [nth, { n, route }] of changing.entries()) {
      const alone = await givenUp(operation, variant, n, { refuse: 403 });
      // the refused call takes effect: this simulates a person who does the same in the console
      const byPerson = await givenUp(operation, variant, n, { refuse: 403, commit: true });

      const more = byPerson.changes.filter((change) => !alone.changes.includes(change));
      expect([route, more]).toEqual([route, []]);
      if (nth === 0) {
        expect([route, byPerson.changes]).toEqual([route, []]);
        expect([route, byPerson.status]).toMatchObject([route, { state: 'undone', reason: { type: 'Undone' } }]);
      }
    }
  },
  PATIENCE_MS,
);

/** A call is lost without effect, the next try looks and is refused, and then a person does the same, or nobody. */
async function refusedAfterLoss({ operation, variant, n, step }: Asked, commit: boolean) {
  const lost = { call: n, fault: 'drop-before' as const };
  const again = await simulate(cleanPlan(operation, variant, { faults: [lost] }));
  const next = again.trace.find((one) => one.n > n && one.step === step && isChange(one));
  if (next === undefined) return undefined;
  const refused = { call: next.n, fault: { refuse: 403, commit } };
  const faults = [lost, refused];
  const plan = cleanPlan(operation, variant, { onFailure: 'ask', decisions: ['abort'], faults });
  const { trace, before, after, status } = await simulate(plan);
  return { changes: changesAfter(trace, next.n), unlike: differences(before, after), status };
}

/** What these make has a sign of the run, so nobody else can make it: a mark, an id, or the lifetime of a token. */
const signed = [...marked, 'ensurePlan', 'ensureApiClient', 'issueAgentToken'];

test.each(subjects)(
  '%s (%s): giving up takes nothing back that a person has done after a look had shown that the run had not',
  async (operation, variant) => {
    const { trace } = await simulate(cleanPlan(operation, variant));
    for (const { n, route, step } of trace.filter((call) => isChange(call) && !signed.includes(call.step!))) {
      const alone = await refusedAfterLoss({ operation, variant, n, step }, false);
      const byPerson = await refusedAfterLoss({ operation, variant, n, step }, true);

      const more = byPerson?.changes.filter((change) => !alone!.changes.includes(change)) ?? [];
      expect([route, step, more]).toEqual([route, step, []]);
      if (byPerson && byPerson.unlike.length > alone!.unlike.length)
        expect(byPerson.status).toHaveProperty('leftovers');
    }
  },
  PATIENCE_MS,
);

test.each(subjects)(
  '%s (%s): a run whose first change is refused is refused, also when it is to leave all as it is',
  async (operation, variant) => {
    const call = (await simulate(cleanPlan(operation, variant))).trace.find(isChange);
    if (call === undefined) return;
    const faults = [{ call: call.n, fault: { refuse: 403 } }];

    const { status, before, after } = await simulate(cleanPlan(operation, variant, { onFailure: 'keep', faults }));

    expect(status).toMatchObject({ state: 'failed', reason: { type: 'Refused' } });
    expect(differences(before, after)).toEqual([]);
  },
  PATIENCE_MS,
);

test.each(['disableTenant', 'enableTenant'])(
  '%s: what a person has set back after a call without an answer stays, and a person is asked',
  async (operation) => {
    const clean = await simulate(cleanPlan(operation, 'example'));
    const { n } = clean.trace.find((call) => call.route === 'PUT /tenants/{id}')!;
    const faults = [{ call: n, fault: 'commit-then-drop' as const }];
    const strangers = [{ call: n + 1, act: 'switches' as const }];

    const { status, trace } = await simulate(cleanPlan(operation, 'example', { onFailure: 'keep', faults, strangers }));

    expect(trace.filter((call) => call.n > n && !call.route.startsWith('GET '))).toEqual([]);
    expect(status).toMatchObject({
      state: 'failed',
      reason: { message: expect.stringContaining('perhaps somebody has taken it back') as unknown },
    });
  },
);
