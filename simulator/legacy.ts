import { ok, route } from './router.js';

/** Routes of the first interface, below `api/1`. */
export const legacyRoutes = [
  route('GET /accounts', ({ query, origin }) => ok({ id: 0, login: query.get('login'), server_url: origin }), 'open'),
  route('GET /groups/{id}', (call) => {
    const { numericId, name, version } = call.world.reach(call.ids[0] ?? '', call.caller.tenantId);
    return ok({ id: numericId, name, version });
  }),
];
