import { expect, test } from '@jest/globals';
import { attemptAs, customer } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env } = useActivityEnvironment();
const FIRST_AT = 1_800_000_000_000;
const TENANTS = 'POST /tenants';

/** The first attempt of an activity that a person has reset: its number is 1 again, and it was scheduled later. */
const afterReset = (memory: unknown) => ({
  attempt: 1,
  heartbeatDetails: memory,
  scheduledTimestampMs: FIRST_AT,
  currentAttemptScheduledTimestampMs: FIRST_AT + 5000,
});

test.each(['kept', 'reset too'])(
  'an activity that was reset finds what it has made before (its heartbeat: %s)',
  async (heartbeat) => {
    const mark = { ...env.place.mark, key: heartbeat };
    const spec = { ...env.place, mark, customer: { ...customer, name: `Customer, ${heartbeat}` }, look: false };
    const made = env.simulator.journal.calls(TENANTS).length;
    const before = attemptAs({ attempt: 1 });
    await before.environment.run(env.activities.ensureCustomerTenant as never, spec as never);
    // its worker dies before it can report

    const { environment } = attemptAs(afterReset(heartbeat === 'kept' ? before.server.memory : undefined));
    const done = await environment.run(env.activities.ensureCustomerTenant as never, spec as never);

    expect(done).toMatchObject({ adopted: true, changed: true, unsure: true, attempts: 2 });
    expect(env.simulator.journal.calls(TENANTS)).toHaveLength(made + 1);
  },
);

test('the attempt after a reset one still knows of the attempts before it', async () => {
  const spec = {
    ...env.place,
    mark: { ...env.place.mark, key: 'next' },
    customer: { ...customer, name: 'Next' },
    look: false,
  };
  const before = attemptAs({ attempt: 1 });
  await before.environment.run(env.activities.ensureCustomerTenant as never, spec as never);
  const made = env.simulator.journal.calls(TENANTS).length;
  env.simulator.faults.next('GET /tenants', { refuse: 503 });
  const reset = attemptAs(afterReset(undefined));
  const failing = reset.environment.run(env.activities.ensureCustomerTenant as never, spec as never);
  await expect(failing).rejects.toMatchObject({ nonRetryable: false });

  const { environment } = attemptAs({ attempt: 2, heartbeatDetails: reset.server.memory });
  const done = await environment.run(env.activities.ensureCustomerTenant as never, spec as never);

  expect(done).toMatchObject({ adopted: true, changed: true });
  expect(env.simulator.journal.calls(TENANTS)).toHaveLength(made);
});
