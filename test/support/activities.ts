import { createAcronis } from '../../acronis/index.js';
import { createActivities, type Messenger } from '../../activities/index.js';
import type { Simulator } from '../../simulator/index.js';
import { PASSWORD_BEGINS } from './leaks.js';

/** The product's activities against an imitated vendor; looking again takes a second instead of a minute. */
export function activitiesFor(
  { url, clientId, clientSecret }: Simulator,
  { timeoutMs = 3000, messengers = [] as Messenger[] } = {},
) {
  const acronis = createAcronis({ baseUrl: url, clientId, clientSecret, version: 'test', timeoutMs });
  return createActivities({
    cloud: () => acronis,
    secret: async (reference) => `${PASSWORD_BEGINS} ${reference}`,
    lookAgainMs: 1000,
    clouds: ['default'],
    environment: 'test',
    messengers,
  });
}
