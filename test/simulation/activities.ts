import { createAcronis } from '../../acronis/index.js';
import type { Safe } from '../../activities/attempt.js';
import { createActivities } from '../../activities/index.js';
import type { Notice } from '../../contract/notices.js';
import type { Activities } from './worker.js';

/** What is there whatever becomes of workers: the vendor, people, and a place for secrets. */
export interface ExternalServices {
  vendor: { url: string; clientId: string; clientSecret: string };
  tell(notice: Notice): Promise<void>;
  safe: Safe;
  /** Takes the text of a file that is to be kept. */
  keep?(name: string, text: string): void;
  timeoutMs?: number;
  lookAgainMs?: number;
}

/** The product's activities, as one worker process has them. */
export function createSimulatedActivities(
  { vendor, tell, safe, keep, timeoutMs, lookAgainMs }: ExternalServices,
  fetch?: typeof globalThis.fetch,
) {
  const { url: baseUrl, clientId, clientSecret } = vendor;
  const acronis = createAcronis({ baseUrl, clientId, clientSecret, version: 'simulated', fetch, timeoutMs });
  return createActivities({
    cloud: () => acronis,
    secret: async (reference) => `the secret of ${reference}`,
    safe,
    ...(lookAgainMs === undefined ? {} : { lookAgainMs }),
    clouds: ['default'],
    environment: 'test',
    messengers: [{ name: 'simulated', send: tell }],
    artefacts: {
      put: async ({ name, content }) => {
        keep?.(name, Buffer.from(content).toString());
        return `simulated:${name}`;
      },
    },
  }) as unknown as Activities;
}
