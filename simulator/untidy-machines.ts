import type { Json } from './router.js';

/** What is left out of answers about machines, by the end of the route. */
const vagueFields: readonly (readonly [RegExp, string])[] = [
  [/agent_manager\/v2\/agents(\/\{id\})?$/, 'online'],
  [/policy_management\/v4\/applications$/, 'status'],
  [/task_manager\/v2\/(tasks|activities)(\/\{id\})?$/, 'result'],
];

/** An answer that leaves open whether an agent is online, how an application is, or how a task ended. */
export function makeVague(body: object, route: string, draw: (what: string) => number): object {
  const field = route.startsWith('GET ') ? vagueFields.find(([pattern]) => pattern.test(route))?.[1] : undefined;
  if (field === undefined) return body;
  const { items } = body as { items?: unknown[] };
  const without = ({ [field]: _left, ...row }: Json) => (draw(`${field}?`) < 0.5 ? row : { ...row, [field]: null });
  if (!Array.isArray(items)) return without(body as Json);
  const isVague = (nth: number) => nth === 0 || draw(`${field}${nth}`) < 0.5;
  return { ...body, items: items.map((row, nth) => (isVague(nth) ? inEach(row, without) : row)) };
}

/** The applications of a plan are a list in the list. */
function inEach(row: unknown, change: (row: Json) => Json): unknown {
  return Array.isArray(row) ? row.map((one) => change(one as Json)) : change(row as Json);
}

const GHOST = 'dead0000-0000-4000-8000-000000000000';

/** A list of agents that still has one of a tenant that was removed, with the host name of another one. */
export function addGhost(body: object, route: string): object {
  const { items } = body as { items?: Json[] };
  if (!/^GET .*\/agents$/.test(route) || !Array.isArray(items) || items.length === 0) return body;
  const ghost = { ...items[0]!, id: GHOST, host_id: GHOST, registration_id: GHOST };
  return { ...body, items: [...items, { ...ghost, tenant: { id: '404404', name: 'Removed tenant' } }] };
}
