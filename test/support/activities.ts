import { createAcronis } from '../../acronis/index.js';
import { createActivities, UnknownCloud, type ArtefactFile, type Messenger } from '../../activities/index.js';
import type { Simulator } from '../../simulator/index.js';
import { PASSWORD_BEGINS } from './leaks.js';

/** Where the imitation's own administrator has the password. */
export const ADMINISTRATOR = 'env:ADMINISTRATOR';

/** Every secret that the steps of a test process were given to keep, by name. */
export const kept = new Map<string, string>();

/** A file that a run has brought, as text. */
export type TextFile = Omit<ArtefactFile, 'content'> & { content: string };

/** The product's activities against an imitated vendor; looking again takes a second instead of a minute. */
export function activitiesFor(
  { url, clientId, clientSecret, password }: Simulator,
  {
    timeoutMs = 3000,
    messengers = [] as Messenger[],
    artefacts = [] as TextFile[],
    now = Date.now,
    clouds = ['default'],
    fetch = undefined as typeof globalThis.fetch | undefined,
  } = {},
) {
  const acronis = createAcronis({ baseUrl: url, clientId, clientSecret, version: 'test', timeoutMs, now, fetch });
  return createActivities({
    cloud: (name) => {
      if (!clouds.includes(name)) throw new UnknownCloud(name, clouds);
      return acronis;
    },
    secret: async (reference) => (reference === ADMINISTRATOR ? password : `${PASSWORD_BEGINS} ${reference}`),
    safe: {
      put: async (name, value) => void kept.set(name, value),
      get: async (name) => kept.get(name),
      remove: async (name) => kept.delete(name),
    },
    lookAgainMs: 1000,
    clouds,
    environment: 'test',
    messengers,
    artefacts: {
      put: async (file) => {
        artefacts.push({ ...file, content: Buffer.from(file.content).toString() });
        return `test:${file.name}`;
      },
    },
  });
}
