import { expect, test } from '@jest/globals';
import { ONBOARDING_QUERY, type Onboarding } from '../../../contract/onboarding.js';
import { onboardingViewOf } from '../../../contract/onboarding-view.js';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { pause } from '../../support/pause.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const plan = {
  offeringItems: ['workstations'],
  quotas: { workstations: { perUnit: 1 } },
  sold: { store: ['price_desktop'] },
  protect: { template: 'workstations', agents: 1 },
  rules: { ended: { suspendAfter: '0 days', offboard: 'ask', grace: '30 days' } },
};
const late = { after: '20 days', do: 'register', online: false } as const;
const life = [
  late,
  { after: '3 days', do: 'online' },
  { after: '2 days', do: 'backup', result: 'error' },
  { after: '4 days', do: 'offline' },
  { after: '21 days', do: 'online' },
  { after: '9 days', do: 'backup' },
] as const;
const machines = [{ hostname: 'front-desk', life: [...life] }];
const env = useVirtualEnvironment({ machines }, { readFacts: factReader({ desktop: plan }), brake: 'off' });
const aCustomer = customersIn(env);

const DAY_MS = 86_400_000;
const began = Date.now();

/** The line that a person reads: what is missing, its moment as a day, and how many machines are how far. */
function lineOf(onboarding: Onboarding): string {
  const { missing = 'nothing is missing', facts } = onboardingViewOf(onboarding);
  const inDays = missing.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, (moment) => `day ${dayOf(moment)}`);
  return `${inDays} (${facts.find((fact) => fact.startsWith('machines:'))})`;
}

function dayOf(moment: string | null): number {
  return Math.floor((Date.parse(moment!) - began) / DAY_MS);
}

/** Every half a day, what a person would read: a line for each change. */
async function storyOf({ handle }: TestCustomer, days: number): Promise<string[]> {
  const lines: string[] = [];
  for (let half = 0; half < 2 * days; half += 1) {
    await pause(DAY_MS / 2);
    const onboarding = await handle.query<Onboarding>(ONBOARDING_QUERY);
    expect(onboarding.state).toBe('steady');
    const awaited = onboardingViewOf(onboarding).milestones.filter(({ state }) => state === 'next');
    expect(awaited).toHaveLength(onboarding.missing === undefined ? 0 : 1);
    if (lineOf(onboarding) !== lines.at(-1)) lines.push(lineOf(onboarding));
  }
  return lines;
}

test('sixty days from the sale to protected say what is missing, since when, and who must act', async () => {
  const customer = await aCustomer();

  const story = await storyOf(customer, 60);

  const failed = 'a backup that succeeds: the last one of 1 machine failed';
  const counts = '0 of 1 protected; 1 registered, 1 with a plan';
  expect(story).toEqual([
    'a machine with the agent installed, since day 0: the customer must act (machines: 0 of 1 protected; 0 registered, 0 with a plan)',
    `a machine that is online, since day 20: the customer must act (machines: ${counts})`,
    `a first good backup, since day 23: nobody need act (machines: ${counts})`,
    `${failed}, since day 25: the operator must act (machines: ${counts}, 1 with a failed backup)`,
    `a machine that is online, since day 29: the customer must act (machines: ${counts}, 1 with a failed backup)`,
    `${failed}, since day 50: the operator must act (machines: ${counts}, 1 with a failed backup)`,
    'nothing is missing (machines: 1 of 1 protected; 1 registered, 1 with a plan)',
  ]);
  const { milestones } = await customer.handle.query<Onboarding>(ONBOARDING_QUERY);
  const { provisioned, planApplied, agentOnline, protected: done } = milestones;
  expect([provisioned, planApplied, agentOnline, done].map(dayOf)).toEqual([0, 20, 23, 59]);
});
