import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { bundlePath } from '../../worker/bundle.js';
import { catalogue } from '../../catalogue/index.js';
import { commonFields } from '../../catalogue/input.js';
import { fullestOrders } from './fullest-orders.js';
import { cleanPlan } from './plan.js';
import { activityNames, simulate, type SimulatedRun } from './simulate.js';
import { subject, type Input } from './subjects.js';
import { openSandbox } from './vm.js';

const sandbox = openSandbox(bundlePath, activityNames());
const PATIENCE_MS = 300_000;

const ofProtection = {
  remindAfter: 'the machine is there soon',
  template: 'the order changes all its settings',
  agents: 'the customer has one machine',
};

/** Options that change nothing in an undisturbed run, and why. */
const silent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  issueAgentToken: { scopes: 'the simulated cloud knows only the default one' },
  protectCustomer: ofProtection,
  onboardCustomer: Object.fromEntries(Object.entries(ofProtection).map(([name, why]) => [`protect.${name}`, why])),
};

type Path = readonly string[];

const isObject = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The path of every field, also of those inside objects. */
function pathsIn(input: Input): Path[] {
  return Object.entries(input).flatMap(([name, value]) => [
    [name],
    ...(isObject(value) ? pathsIn(value).map((below) => [name, ...below]) : []),
  ]);
}

function without(input: Input, [name, ...rest]: Path): Input {
  const { [name!]: there, ...others } = input;
  return rest.length === 0 ? others : { ...others, [name!]: without(there as Input, rest) };
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
}

/** The path of every option of a schema; `*` stands for any name. Alternatives count as one value. */
function options({ properties = {}, additionalProperties }: JsonSchema): Path[] {
  const named = Object.entries({ ...properties, ...(isObject(additionalProperties) && { '*': additionalProperties }) });
  return named.flatMap(([name, one]) => [[name], ...options(one as JsonSchema).map((below) => [name, ...below])]);
}

/** What a run has done, without what differs by chance. */
function deeds({ status, journal, after, files, secrets }: SimulatedRun): string {
  const calls = journal.map(({ method, path, body, route }) => [method, body === undefined ? path : route, body ?? '']);
  const done = [status.state, (status as { reason?: unknown }).reason ?? '', after, files, [...secrets.keys()]];
  const text = JSON.stringify([...calls.map((call) => JSON.stringify(call)).toSorted(), done]);
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, 'time');
}

async function play(operation: string, nth: number, change: (input: Input) => Input): Promise<SimulatedRun> {
  const plain = subject(operation, 'example');
  const prepare: typeof plain.prepare = (world) => change(fullestOrders[operation]![nth]!(world));
  return await simulate(sandbox, cleanPlan(operation, 'example', { sites: 2 }), { ...plain, prepare });
}

interface Played {
  order: Input;
  state: string;
  deeds: string;
}
const played = new Map<string, Promise<Played>>();

/** A fullest order, as it is in its world, and what it does. Each is played once for all tests here. */
async function orderOf(operation: string, nth: number): Promise<Played> {
  const name = `${operation} ${nth}`;
  if (!played.has(name)) played.set(name, playWhole(operation, nth));
  return await played.get(name)!;
}

async function playWhole(operation: string, nth: number): Promise<Played> {
  let order: Input = {};
  const run = await play(operation, nth, (input) => (order = input));
  return { order, state: run.status.state, deeds: deeds(run) };
}

describe.each(Object.keys(catalogue))('%s', (operation) => {
  const nths = (fullestOrders[operation] ?? []).map((_order, nth) => nth);

  test('has every option in one of its fullest orders', async () => {
    const written = new Set<string>();
    for (const nth of nths)
      for (const path of pathsIn((await orderOf(operation, nth)).order)) written.add(path.join('.'));
    const schema = z.toJSONSchema(catalogue[operation]!.schema, { io: 'input' }) as JsonSchema;
    const all = options(schema).filter(([name = '']) => !(name in commonFields));
    const isWritten = (path: Path) => {
      const form = new RegExp(`^${path.map((name) => (name === '*' ? '[^.]+' : name)).join('\\.')}$`);
      return [...written].some((one) => form.test(one));
    };

    expect(all.filter((path) => !isWritten(path)).map((path) => path.join('.'))).toEqual([]);
  });

  test.each(nths)(
    'does something else without any one option of its fullest order (%d)',
    async (nth) => {
      const { order, state, deeds: all } = await orderOf(operation, nth);
      expect(state).toBe('completed');
      expect(deeds(await play(operation, nth, (input) => input))).toBe(all);
      const unheard: string[] = [];
      for (const path of pathsIn(order)) {
        if (!catalogue[operation]!.read(without(order, path)).ok) continue;
        const less = await play(operation, nth, (input) => without(input, path));
        if (deeds(less) === all) unheard.push(path.join('.'));
      }

      expect(unheard).toEqual(Object.keys(silent[operation] ?? {}));
    },
    PATIENCE_MS,
  );
});
