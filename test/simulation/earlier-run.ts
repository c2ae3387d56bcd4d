import { catalogue } from '../../catalogue/index.js';
import { workflowId } from '../../contract/ids.js';
import type { InProcessSimulator } from '../../simulator/index.js';
import { findCall } from '../../simulator/apis.js';
import type { Plan } from './plan.js';
import { models, type EarlierRun } from './models/index.js';
import type { Input } from './subjects.js';

/** The runs of an operation that can end, undisturbed, before the run of a plan begins. */
export function earlierRuns(operation: string): Readonly<Record<string, EarlierRun>> {
  return models[operation]?.earlier ?? { completed: {} };
}

export function earlierRunOf({ operation, earlier }: Pick<Plan, 'operation' | 'earlier'>): EarlierRun | undefined {
  return earlier === undefined ? undefined : earlierRuns(operation)[earlier]!;
}

/** The order of an earlier run. */
export function earlierOrder({ order = (input) => input, refused }: EarlierRun, input: Input): Input {
  return { ...order(input), onFailure: refused === undefined ? 'ask' : 'keep' };
}

/** The workflow id of an order, as the product makes it. */
export function workflowIdOf(operation: string, input: Input): string {
  const reading = catalogue[operation]!.read(input);
  if (!reading.ok) throw new Error(`the order of ${operation} is refused: ${JSON.stringify(reading.problems)}`);
  return workflowId(operation, undefined, reading.key);
}

const REFUSAL = { error: { code: 403, domain: 'PlatformAccountServer', message: 'not for you', context: {} } };

/** The network of an earlier run: a tidy cloud that refuses one route. */
export function networkOf({ refused }: EarlierRun, { consoleFetch }: InProcessSimulator): typeof fetch {
  return async (input, init) => {
    const { method, url } = input as Request;
    const route = findCall(method, new URL(url).pathname)?.name;
    if (route === undefined || route !== refused) return await consoleFetch(input, init);
    return new Response(JSON.stringify(REFUSAL), { status: 403, headers: { 'content-type': 'application/json' } });
  };
}
