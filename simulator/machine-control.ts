import { families } from './machines.js';
import { results } from './next-results.js';
import type { Json, Reply } from './router.js';
import type { WorldView } from './world-view.js';

const MACHINES = '/_simulator/machines';

/** What people do with machines, by a word in the path. */
const deeds: Readonly<
  Record<string, { fields: readonly string[]; act(view: WorldView, id: string, body: Json): unknown }>
> = {
  online: { fields: [], act: (view, id) => view.setOnline(id, true) },
  offline: { fields: [], act: (view, id) => view.setOnline(id, false) },
  backup: { fields: ['result'], act: backUp },
  reinstall: {
    fields: ['keepOld'],
    act: (view, id, body) => view.reinstallMachine(id, { keepOld: flag(body, 'keepOld') }).agentId,
  },
};

/** Remote control of machines. Undefined if the path is about something else. */
export function machineReply(
  view: WorldView,
  method: string,
  { pathname, searchParams }: URL,
  text: string,
): Reply | undefined {
  if (pathname !== MACHINES && !pathname.startsWith(`${MACHINES}/`)) return undefined;
  const [id = '', deed] = pathname
    .slice(MACHINES.length + 1)
    .split('/')
    .map(decoded);
  try {
    if (pathname === MACHINES && method === 'GET')
      return { status: 200, body: view.machines(searchParams.get('tenant') ?? undefined) };
    if (pathname === MACHINES && method === 'POST') return { status: 201, body: register(view, text) };
    if (deed === undefined && method === 'DELETE') return { status: 200, body: remove(view, id) };
    if (method === 'POST' && deed !== undefined && Object.hasOwn(deeds, deed))
      return { status: 200, body: act(view, id, deed, text) };
  } catch (error) {
    return { status: 400, body: { error: (error as Error).message } };
  }
  return { status: 404, body: { error: `the simulator's control has no ${method} ${pathname}` } };
}

/** Text that cannot be decoded is no id. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function register(view: WorldView, text: string) {
  const body = read(text, ['token', 'hostname', 'family', 'online']);
  const token = word(body, 'token');
  if (token === undefined) throw new Error('token: is missing; give a registration token, such as 7K2P-9QWX-31AB');
  const family = word(body, 'family', families);
  const { agentId } = view.registerMachine({
    token,
    hostname: word(body, 'hostname'),
    family,
    online: flag(body, 'online'),
  });
  return view.machine(agentId);
}

function remove(view: WorldView, id: string) {
  const row = view.machine(id);
  view.removeMachine(id);
  return row;
}

function act(view: WorldView, id: string, deed: string, text: string) {
  const { fields, act } = deeds[deed]!;
  const newId = act(view, id, read(text, fields));
  return view.machine(typeof newId === 'string' ? newId : id);
}

function backUp(view: WorldView, id: string, body: Json): void {
  const { hostname, online, resourceId, plans } = view.machine(id);
  if (!online) throw new Error(`id: ${hostname} is offline, so it cannot back up; bring it online first`);
  if (plans.length === 0) throw new Error(`id: no plan backs up ${hostname}; apply one first, such as with applyPlan`);
  view.backUp(resourceId, word(body, 'result', results));
}

/** The fields of a body. Refuses those that nobody reads. */
function read(text: string, known: readonly string[]): Json {
  const body = parse(text);
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return body;
  throw new Error(
    `${unknown}: is not known here; ${known.length === 0 ? 'send no field' : `known: ${known.join(', ')}`}`,
  );
}

function parse(text: string): Json {
  let body: unknown;
  try {
    body = JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    throw new Error('the body: is no JSON; send an object, such as {}');
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json;
  throw new Error('the body: must be a JSON object, such as {}');
}

function word(body: Json, field: string, choices?: readonly string[]): string | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (choices !== undefined && !choices.includes(value as string))
    throw new Error(`${field}: ${JSON.stringify(value)} must be one of ${choices.join(', ')}`);
  if (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST) return value;
  throw new Error(`${field}: must be a text of 1 to ${LONGEST} characters`);
}

const LONGEST = 255;

function flag(body: Json, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new Error(`${field}: must be true or false`);
}
