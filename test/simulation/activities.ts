import { createAcronis } from '../../acronis/index.js';
import type { StepSecretStore } from '../../activities/attempt.js';
import { createActivities } from '../../activities/index.js';
import type { BrakeLimits } from '../../contract/brake.js';
import type { FactReading } from '../../contract/customers.js';
import type { Notice } from '../../contract/notices.js';
import type { Activities } from './worker.js';
import { textOf } from '../support/file-content.js';

/** What outlives every worker: the vendor, people, and the store of secrets. */
export interface ExternalServices {
  vendor: { url: string; clientId: string; clientSecret: string };
  tell(notice: Notice): Promise<void>;
  secretStore: StepSecretStore;
  /** Stores the text of a file. */
  keep?(name: string, text: string): void;
  /** Reads facts of customers. */
  readFacts?(facts: readonly unknown[]): FactReading[];
  /** The limits of the brake. Default: none. */
  brake?: BrakeLimits | 'off';
  timeoutMs?: number;
  lookAgainMs?: number;
}

/** The product's activities for one worker. */
export function createSimulatedActivities(
  { vendor, tell, secretStore, keep, readFacts, brake = 'off', timeoutMs, lookAgainMs }: ExternalServices,
  fetch?: typeof globalThis.fetch,
) {
  const { url: baseUrl, clientId, clientSecret } = vendor;
  const acronis = createAcronis({ baseUrl, clientId, clientSecret, version: 'simulated', fetch, timeoutMs });
  return createActivities({
    cloud: () => acronis,
    secret: async (reference) => `the secret of ${reference}`,
    secretStore: secretStore,
    ...(lookAgainMs === undefined ? {} : { lookAgainMs }),
    clouds: ['default'],
    ...(readFacts && { readFacts }),
    brake,
    environment: 'test',
    messengers: [{ name: 'simulated', send: tell }],
    artefacts: {
      check: async () => ({ state: 'ok', message: 'a store in memory' }),
      put: async ({ name, content }) => {
        const text = await textOf(content);
        keep?.(name, text);
        return `simulated:${name}`;
      },
    },
  }) as unknown as Activities;
}
