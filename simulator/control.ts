import type { Fault } from './faults.js';
import { machineReply } from './machine-control.js';
import type { Reply } from './router.js';
import type { SimulatorState } from './simulator.js';
import type { WorldView } from './world-view.js';

type FaultRequest = {
  route?: string;
  fault: Fault;
  times?: number;
  after?: number;
  about?: string[];
  at?: number;
  chance?: number;
  seed?: number;
};

/** Remote control for other processes. It is not part of the vendor's API. */
export function controlReply(state: SimulatorState, method: string, url: URL, text: string): Reply {
  const { pathname, searchParams } = url;
  const { view } = state;
  const route = searchParams.get('route') ?? undefined;
  switch (`${method} ${pathname}`) {
    case 'GET /_simulator/world':
      return { status: 200, body: { tenants: view.tenants(), users: view.users(), mails: view.mails() } };
    case 'GET /_simulator/customers':
      return { status: 200, body: completeCustomers(view) };
    case 'GET /_simulator/journal':
      return { status: 200, body: state.journal.entries };
    case 'GET /_simulator/count':
      return { status: 200, body: { count: state.journal.calls(route).length } };
    case 'GET /_simulator/unknown':
      return { status: 200, body: state.unknownRoutes };
    case 'POST /_simulator/faults':
      return addFault(state, text);
    case 'DELETE /_simulator/faults':
      state.faults.clear();
      return { status: 204 };
    case 'POST /_simulator/latency':
      state.latencyMs = (JSON.parse(text) as { ms: number }).ms;
      return { status: 204 };
    default:
      if (method === 'POST' && pathname.startsWith('/_simulator/world/'))
        return callWorld(view, pathname.slice('/_simulator/world/'.length), text);
      return (
        machineReply(view, method, url, text) ?? {
          status: 404,
          body: { error: `the simulator's control has no ${method} ${pathname}` },
        }
      );
  }
}

/** Calls any method of the world view: its name is in the path, its arguments are a JSON list. */
function callWorld(view: WorldView, name: string, text: string): Reply {
  if (!Object.hasOwn(view, name)) return { status: 404, body: { error: `the simulator's world has no ${name}` } };
  const asked = view[name as keyof WorldView] as (...given: unknown[]) => unknown;
  try {
    return { status: 200, body: asked(...(JSON.parse(text || '[]') as unknown[])) ?? null };
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}

/** Each customer that was created through the API, with everything that makes it complete. An item without a limit is unlimited. */
export function completeCustomers(view: WorldView) {
  return view.customers().map(({ id, name, enabled, customer_id: customerId, contact }) => ({
    id,
    name,
    customerId,
    enabled,
    email: (contact as { email: string }).email,
    twoFactor: view.mfa(id) === 'enabled',
    items: view.items(id).map((item) => item.name),
    limits: Object.fromEntries(
      view.items(id).flatMap(({ name: item, quota }) => (quota?.value == null ? [] : [[item, quota.value]])),
    ),
    users: view.users(id).map((user) => ({
      login: user.login,
      roles: view.policies(user.id).map(({ role_id }) => role_id),
      mails: view.mails().filter(({ userId }) => userId === user.id).length,
    })),
  }));
}

function addFault({ faults }: SimulatorState, text: string): Reply {
  const { route = '*', fault, at, chance, seed = 1, ...which } = JSON.parse(text) as FaultRequest;
  if (at !== undefined) faults.at(at, fault);
  else if (chance !== undefined) faults.chance(chance, fault, { seed, route });
  else faults.next(route, fault, which);
  return { status: 204 };
}
