import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { startOperation } from '../../client/operations.js';
import { waitUntil } from '../support/runs.js';
import { statusAtEnd, type FinalStatus } from '../support/operation-environment.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
/** Two hundred triples with `ROUNDS=4 npm test -- --testPathPatterns worker/turns-in-order`. */
const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
const TENANTS = 25;
/** Temporal's search may be as late. */
const APART_MS = 1100;

const switches = {
  disableTenant: { enabled: false },
  enableTenant: { enabled: true },
  lockTenant: { locked: true },
  unlockTenant: { locked: false },
};
type Switch = keyof typeof switches;
const names = Object.keys(switches) as Switch[];

/** Every triple of different operations comes up again and again. */
function tripleOf(nth: number): Switch[] {
  const left = [...names];
  return [nth, Math.floor(nth / 4), Math.floor(nth / 12)].map((at) => left.splice(at % left.length, 1)[0]!);
}

interface Triple {
  id: string;
  name: string;
  customerId: string;
  operations: Switch[];
  handles: WorkflowHandle[];
}

function tenants(kind: string): Triple[] {
  return Array.from({ length: TENANTS }, (_none, nth) => {
    const [name, customerId] = [`${kind} ${nth}`, `${kind}-${nth}`];
    const id = env.simulator.world.addTenant({ name, customer_id: customerId });
    return { id, name, customerId, operations: tripleOf(nth), handles: [] };
  });
}

/** How many runs Temporal's search knows. */
async function countRuns(): Promise<number> {
  const types = names.map((name) => `'${name}'`).join(', ');
  return (await env.client.workflow.count(`WorkflowType IN (${types})`)).count;
}

/** Starts the first operation of each, then the second of each, then the third; each names its tenant in another way. */
async function startAll(triples: readonly Triple[], between: (nth: number) => Promise<void>) {
  const before = await countRuns();
  for (let nth = 0; nth < 3; nth += 1) {
    await Promise.all(
      triples.map(async (triple, at) => {
        const { id: tenantId, name, customerId } = triple;
        const tenant = [{ id: tenantId }, { customerId }, { name }][(nth + at) % 3]!;
        const started = { operation: triple.operations[nth]!, input: { tenant }, taskQueue: 'tenantry' };
        const { id } = await startOperation(env.client, started);
        triple.handles.push(env.client.workflow.getHandle(id));
      }),
    );
    await between(nth);
    await sleep(APART_MS);
    // the order is promised for runs that Temporal's search knows; on a busy machine it is late
    await waitUntil(async () => (await countRuns()) >= before + (nth + 1) * triples.length);
  }
}

/** When each run worked, so that a wrong order can be explained. */
function workOf(all: readonly FinalStatus[]): string {
  const stepsOf = ({ steps, startedAt }: FinalStatus) =>
    [
      startedAt,
      ...steps.map(({ name, startedAt: from, endedAt, attempts }) => `${name} ${from} to ${endedAt} (${attempts})`),
    ].join(', ');
  return all.map(stepsOf).join(' | ');
}

async function expectInOrder(triples: readonly Triple[]) {
  const wrong: string[] = [];
  for (const { id, operations, handles } of triples) {
    const all = await Promise.all(handles.map(async (handle) => await statusAtEnd(handle)));
    const ends = all.map(({ state }) => state);
    const wanted = Object.assign({ enabled: true, locked: false }, ...operations.map((name) => switches[name]));
    const { enabled, update_lock: lock } = env.simulator.world.tenant(id)!;
    const there = { enabled, locked: (lock as { enabled: boolean }).enabled };
    if (JSON.stringify(there) !== JSON.stringify(wanted) || ends.some((state) => state !== 'completed'))
      wrong.push(`${operations.join(', ')}: ${ends.join(', ')}, ${JSON.stringify(there)}; ${workOf(all)}`);
  }
  expect(wrong).toEqual([]);
}

const rounds = Array.from({ length: ROUNDS }, (_none, nth) => `round ${nth}`);

test('shuffled triples of operations end as their order of starting says, while workers die', async () => {
  for (const round of rounds) {
    const triples = tenants(`dying in ${round}`);
    const first = env.worker;
    await env.replaceWorker();

    await startAll(triples, async (nth) => {
      if (nth !== 1) return;
      first.kill();
      await env.replaceWorker();
    });

    await expectInOrder(triples);
  }
});

test('shuffled triples that were started while no worker was up end as their order of starting says', async () => {
  for (const round of rounds) {
    await env.stopWorkers();
    const triples = tenants(`waiting in ${round}`);
    await startAll(triples, async () => undefined);

    await Promise.all([env.replaceWorker(), env.replaceWorker()]);

    await expectInOrder(triples);
  }
});
