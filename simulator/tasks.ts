import { notFound } from './errors.js';
import { matchesFilters, sortItems } from './filters.js';
import { pageWithBothCursors, applyCursor } from './paging.js';
import { isVisible } from './delays.js';
import { ok, route, type Call, type Json } from './router.js';
import { advanceRuns, type Task } from './runs.js';
import { now, type World } from './world.js';

function view(world: World, { tenantId, hiddenReads: _hidden, taskId, ...work }: Task): Json {
  const tenant = world.tenants.get(tenantId)!;
  return {
    ...work,
    idString: String(work.id),
    ...(taskId === undefined ? {} : { taskId, taskIdString: String(taskId), parentActivityId: null }),
    queue: 'backup',
    priority: 'normal',
    cancellable: work.state !== 'completed',
    startedByUser: 'demo.admin',
    tenant: { id: String(tenant.numericId), uuid: tenant.id, name: tenant.name, locator: world.locator(tenant) },
    context: {},
  };
}

const times = ['enqueuedAt', 'startedAt', 'updatedAt', 'completedAt'] as const;
const ranks = Object.fromEntries(times.map((name) => [name, (text: string) => Date.parse(text)]));

function isAsked(work: Task, query: URLSearchParams): boolean {
  const { id, uuid, type, state, result, policy, resource, taskId } = work;
  const named = {
    id: String(id),
    uuid,
    type,
    state,
    taskId: taskId === undefined ? undefined : String(taskId),
    resultCode: result?.code,
    policyId: policy?.id,
    policyName: policy?.name,
    policyType: policy?.type,
    resourceId: resource?.id,
    resourceName: resource?.name,
    resourceType: resource?.type,
  };
  const stamps = Object.fromEntries(times.map((name) => [name, work[name]]));
  return matchesFilters(query, { ...named, ...stamps }, ranks);
}

function list({ world, caller, ...call }: Call, all: readonly Task[]) {
  advanceRuns(world);
  const query = applyCursor(call.query);
  const found = all
    .filter((work) => world.isAccessible(work.tenantId, caller.tenantId) && isVisible(work) && isAsked(work, query))
    .map((work) => view(world, work));
  if (query.get('lod') === 'count') return ok({ items: [], size: found.length, timestamp: now() });
  const { items, paging } = pageWithBothCursors(sortItems(found, query.get('order')), query);
  return ok({ items, size: items.length, timestamp: now(), paging });
}

/** One task or activity, by number or UUID. */
function get({ world, caller, ids }: Call, all: readonly Task[]) {
  advanceRuns(world);
  const work = all.find(({ id, uuid }) => String(id) === ids[0] || uuid === ids[0]);
  if (work === undefined || !isVisible(work)) throw notFound('task');
  world.accessibleTenant(work.tenantId, caller.tenantId);
  return ok(view(world, work));
}

export const taskRoutes = [
  route('GET /tasks', (call) => list(call, call.world.tasks)),
  route('GET /tasks/{id}', (call) => get(call, call.world.tasks)),
  route('GET /activities', (call) => list(call, call.world.activities)),
  route('GET /activities/{id}', (call) => get(call, call.world.activities)),
];
