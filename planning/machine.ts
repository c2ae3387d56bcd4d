import { createCloudClients, type Acronis } from '../acronis/index.js';
import { createActivities, type Activities, type ArtefactStore } from '../activities/index.js';
import { UNREAD } from '../activities/attempt.js';
import { loadClouds } from '../settings/client.js';
import { version } from '../settings/version.js';

/** What the machine of the plan knows about the places of a worker. */
export interface KnownPlaces {
  /**
   * True when a worker with these settings can read a secret; false when only a worker can say. Fails with
   * `Tenantry.Secret` when it cannot be read.
   */
  canRead(secretRef: string): Promise<boolean>;
  /** Checks the artefact store; absent when none is configured here. */
  checkArtefacts?: ArtefactStore['check'] | undefined;
}

/** What a plan is made with: activities that read, and the names of the clouds that they know. */
export interface PlanningMachine {
  activities: Activities;
  clouds: readonly string[];
}

interface MachineParts {
  cloud(name: string): Acronis;
  clouds: readonly string[];
  /** The first part of every mark. */
  environment: string;
  places: KnownPlaces;
}

const nothingSeen: KnownPlaces = { canRead: async () => false };

/** Plans with the clouds of the settings of this process, or of these variables. */
export function plannerHere(given: NodeJS.ProcessEnv | undefined, places: KnownPlaces = nothingSeen): PlanningMachine {
  const { clouds: settings, environment } = loadClouds(given);
  const clouds = createCloudClients(settings, version());
  return plannerFor({ cloud: (name) => clouds.get(name)!, clouds: [...clouds.keys()], environment, places });
}

/** Plans with these clouds. */
export function plannerFor({ cloud, clouds, environment, places }: MachineParts): PlanningMachine {
  const { canRead, checkArtefacts } = places;
  const activities = createActivities({
    cloud,
    // a plan shows no secret and needs none: the value goes into no call
    secret: async (reference) => ((await canRead(reference)) ? 'readable' : UNREAD),
    // a plan cannot know whether the worker has a secret store, so it assumes one
    secretStore: {
      check: async () => undefined,
      put: async () => undefined,
      read: async () => ({ value: '', assumed: true }),
      remove: async () => false,
    },
    clouds,
    environment,
    messengers: [],
    brake: 'off',
    artefacts: { put: async () => '', check: checkArtefacts ?? (async () => ({ state: 'unsure', message: '' })) },
  });
  return { activities, clouds };
}
