import type { Reply } from './router.js';
import type { World } from './world.js';

/**
 * Answers a call about one object with what it would answer about another one of the same kind. A change is made to the
 * object that was named. If there is no other object, the answer is the right one.
 */
export function answerAboutAnother(
  world: World,
  route: string,
  ids: readonly string[],
  run: (ids: string[]) => Reply,
): Reply {
  const [id = '', ...rest] = ids;
  const kinds: ReadonlyMap<string, unknown>[] = [world.tenants, world.users, world.clients, world.reports];
  const others = [...(kinds.find((objects) => objects.has(id))?.keys() ?? [])].filter((other) => other !== id);
  if (!route.startsWith('GET ')) return withOtherId(run([...ids]), id, others[0] ?? id);
  for (const other of others) {
    const reply = run([other, ...rest]);
    if (reply.status === 200) return reply;
  }
  return run([...ids]);
}

function withOtherId(reply: Reply, id: string, other: string): Reply {
  if (reply.body === undefined || id === '') return reply;
  return { ...reply, body: JSON.parse(JSON.stringify(reply.body).replaceAll(id, other)) as Reply['body'] };
}
