import { catalogue } from './catalogue.js';
import { ok, route } from './router.js';

/** Clients refuse a platform whose major version is too low. */
const application = { name: 'Acronis Cyber Protect Cloud', edition: 'cloud', version: '25.10.0' };

const editions = [...new Set(catalogue('').flatMap(({ edition }) => edition ?? []))];

/** What the platform says of itself. */
export const platformRoutes = [
  route('GET /versions', () => ok({ application, components: [] })),
  route('GET /editions', () => ok({ items: editions })),
];
