import { accessRoutes } from './access.js';
import { applicationRoutes } from './applications.js';
import { clientRoutes } from './clients.js';
import { editionRoutes } from './editions.js';
import { infraRoutes } from './infra.js';
import { legacyRoutes } from './legacy.js';
import { offeringItemRoutes } from './offering-items.js';
import { oneTimeRoutes } from './one-time.js';
import { pricingRoutes } from './pricing.js';
import type { Route } from './router.js';
import { searchRoutes } from './search.js';
import { tenantRoutes } from './tenants.js';
import { tokenRoutes } from './tokens.js';
import { twoFactorRoutes } from './two-factor.js';
import { usageRoutes } from './usages.js';
import { userRoutes } from './users.js';

/** Every route, by the base path of its interface. */
export const routes: Record<string, readonly Route[]> = {
  '/api/2': [
    ...tokenRoutes,
    ...oneTimeRoutes,
    ...clientRoutes,
    ...tenantRoutes,
    ...offeringItemRoutes,
    ...applicationRoutes,
    ...editionRoutes,
    ...infraRoutes,
    ...pricingRoutes,
    ...twoFactorRoutes,
    ...usageRoutes,
    ...userRoutes,
    ...accessRoutes,
    ...searchRoutes,
  ],
  '/api/1': legacyRoutes,
};
