import { describe, expect, test } from '@jest/globals';
import { bundlePath } from '../../worker/bundle.js';
import { activityNames } from './simulate.js';
import { isChange, orderIn, PlanningWorld, type Outcome } from './planning-world.js';
import { otherInputs } from './other-inputs.js';
import { everySubject, type Input, type Subject } from './subjects.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const PATIENCE_MS = 600_000;
const subjects = everySubject().map((subject) => [subject.operation, subject.variant, subject] as const);

const provisionings = subjects.filter(([operation]) => ['provisionCustomer', 'provisionPartner'].includes(operation));

async function inWorldOf<T>(subject: Subject, act: (world: PlanningWorld) => Promise<T>): Promise<T> {
  const world = new PlanningWorld(sandbox, subject);
  try {
    return await act(world);
  } finally {
    world.close();
  }
}

/** For a refused run only the refusal counts, not what it did before and has undone. */
async function planAndRun(world: PlanningWorld, input = world.input) {
  const plan = await world.plan(input);
  const run = await world.run(input);
  return { plan: drawn(plan), run: drawn(run) };
}

function drawn({ refused, waits, joins, changes, calls }: Outcome) {
  if (refused || waits) return { refused, waits };
  return {
    refused,
    waits,
    joins,
    changes: Object.fromEntries(Object.keys(changes).map((step) => [step, calls[step]])),
  };
}

/** States of the world before an operation. */
const states: Readonly<Record<string, (world: PlanningWorld) => Promise<void>>> = {
  fresh: async () => undefined,
  finished: async (world) => void (await world.run()),
  gone: async (world) => {
    await finishedUnlessNamed(world);
    const tenantId = world.tenantId();
    if (tenantId !== undefined) world.simulator.world.remove(tenantId);
  },
  'switched off': async (world) => {
    await finishedUnlessNamed(world);
    const tenantId = world.tenantId();
    if (tenantId !== undefined) world.simulator.world.disable(tenantId);
  },
};

async function finishedUnlessNamed(world: PlanningWorld): Promise<void> {
  if (world.tenantId() === undefined) await world.run();
}

describe.each(Object.entries(states))('%s', (_state, bring) => {
  test.each(subjects)(
    '%s (%s) does what its plan says, and is refused when its plan says so',
    async (_operation, _variant, subject) => {
      const { plan, run } = await inWorldOf(subject, async (world) => {
        await bring(world);
        world.finishBackgroundJobs();
        return await planAndRun(world);
      });

      expect(plan).toEqual(run);
    },
    PATIENCE_MS,
  );

  test.each(subjects)(
    '%s (%s) that may ask a person waits for one when its plan says so',
    async (_operation, _variant, subject) => {
      const { plan, run } = await inWorldOf(subject, async (world) => {
        await bring(world);
        world.finishBackgroundJobs();
        return await planAndRun(world, { ...world.input, onFailure: 'ask' });
      });

      expect(plan).toEqual(run);
    },
    PATIENCE_MS,
  );
});

test.each(subjects)(
  'a half done %s (%s) goes on as its plan says, wherever it was cut off',
  async (_operation, _variant, subject) => {
    const whole = await inWorldOf(subject, async (world) => await world.run());
    for (const { n } of whole.trace.filter(isChange)) {
      const { plan, run } = await inWorldOf(subject, async (world) => {
        const kept: Input = { ...world.input, onFailure: 'keep' };
        await world.run(kept, n);
        world.finishBackgroundJobs();
        return await planAndRun(world);
      });
      expect(plan).toEqual(run);
    }
  },
  PATIENCE_MS,
);

test.each(subjects)(
  'the plan of a first %s (%s) names every call of its steps',
  async (_operation, _variant, subject) => {
    await inWorldOf(subject, async (world) => {
      const plan = await world.plan();
      const run = await world.run();

      expect(plan.calls).toEqual(run.calls);
    });
  },
  PATIENCE_MS,
);

test.each(provisionings)('a finished %s (%s) would change nothing', async (_operation, _variant, subject) => {
  const plan = await inWorldOf(subject, async (world) => {
    await world.run();
    return await world.plan();
  });

  expect(plan).toMatchObject({ refused: false, changes: {} });
});

/** Two orders for the same run. */
function twoOrders({ subject: { operation }, input }: PlanningWorld): { first: Input; other: Input } {
  const first = { ...input, onFailure: 'ask', externalRef: 'one-and-the-same' };
  const other = { ...first, ...otherInputs[operation]!(first) };
  expect(orderIn(operation, other).id).toBe(orderIn(operation, first).id);
  return { first, other };
}

describe.each(['running', 'blocked'] as const)('while a run is %s', (state) => {
  test.each(subjects)(
    'a second %s (%s) joins it when its plan says so, and is refused with another input when its plan says so',
    async (_operation, _variant, subject) => {
      const { same, otherwise } = await inWorldOf(subject, async (world) => {
        const { first, other } = twoOrders(world);
        await world.leaveOpen(first, state);
        return { same: await planAndRun(world, first), otherwise: await planAndRun(world, other) };
      });

      expect(same.plan).toEqual(same.run);
      expect(same.run.joins).toMatch(/^run-/);
      expect(otherwise.plan).toEqual(otherwise.run);
      expect(otherwise.run.refused).toBe(true);
    },
    PATIENCE_MS,
  );
});

test.each(subjects)(
  'a %s (%s) with another input than the finished one does what its plan says',
  async (_operation, _variant, subject) => {
    const { plan, run } = await inWorldOf(subject, async (world) => {
      const { first, other } = twoOrders(world);
      await world.run(first);
      world.finishBackgroundJobs();
      return await planAndRun(world, other);
    });

    expect(plan).toEqual(run);
  },
  PATIENCE_MS,
);

interface NewTenant {
  customer?: { name: string };
  partner?: { name: string };
  administrator?: { login: string; email: string };
}

/** How a later order for the same tenant can differ. */
const differently: Readonly<Record<string, (input: NewTenant) => object>> = {
  'another language': ({ customer, partner }) =>
    customer ? { customer: { ...customer, language: 'de' } } : { partner: { ...partner, language: 'de' } },
  'another name': ({ customer }) =>
    customer ? { customer: { ...customer, name: 'Corrected, Inc' }, confirm: 'Corrected, Inc' } : {},
  'another administrator': () => ({ administrator: { login: 'SomeoneElse', email: 'someone.else@example.com' } }),
};

describe.each(Object.entries(differently))('for %s', (_what, other) => {
  test.each(provisionings)(
    'a second %s (%s) does what its plan says, and is refused when its plan says so',
    async (_operation, _variant, subject) => {
      const { plan, run, isOther } = await inWorldOf(subject, async (world) => {
        await world.run();
        const otherwise = other(world.input);
        const both = await planAndRun(world, { ...world.input, ...otherwise });
        return { ...both, isOther: Object.keys(otherwise).length > 0 };
      });
      expect(plan).toEqual(run);
      expect(plan.refused).toBe(isOther);
    },
    PATIENCE_MS,
  );
});
