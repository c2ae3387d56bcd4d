import type { AnySimulator } from './any-simulator.js';
import { createAcronis, type CallBucket } from '../../acronis/index.js';
import {
  createActivities,
  UnknownCloud,
  type BudgetSlots,
  type ActivityDependencies,
  type ArtefactFile,
  type ImportedRows,
  type Messenger,
  type OutgoingDependencies,
  type CloudSlots,
  type QuestionDependencies,
} from '../../activities/index.js';
import type { FactDependencies } from '../../activities/facts.js';
import type { NoticeDependencies } from '../../activities/notices.js';
import type { PlanTermsDependencies } from '../../activities/plan-terms.js';
import type { TruthDependencies } from '../../activities/truth.js';
import { refuse } from '../../activities/failures.js';
import { defaultBrakeLimits, type BrakeLimits } from '../../contract/brake.js';
import type { StoreCheck } from '../../contract/artefacts.js';
import { FailureType } from '../../contract/failures.js';
import type { Simulator } from '../../simulator/index.js';
import type { KeyRing } from '../../vault/index.js';
import { textOf } from './file-content.js';
import { PASSWORD_PREFIX } from './leaks.js';
import { secretStoreIn } from './secret-store.js';

/** The secret reference of the password of the simulator's administrator. */
export const ADMINISTRATOR = 'env:ADMINISTRATOR';

/** What a test takes away from the workers of its process: secrets by reference, and the two stores. */
export const places = {
  absentSecrets: new Set<string>(),
  checkSecretStore: () => undefined as void,
  store: { state: 'ok', message: 'a store in memory' } as StoreCheck,
};

/** Every secret that activities of this test process have stored, by name. */
export const storedSecrets = new Map<string, string>();

/** A file that a run has stored, as text. */
export type TextFile = Omit<ArtefactFile, 'content'> & { content: string };

/** A second cloud for a test, and the `fetch` that reaches it. */
export interface SecondCloud {
  name: string;
  simulator: Simulator;
  fetch: typeof globalThis.fetch;
}

const noOutgoing: OutgoingDependencies = {};

/** Its calls have no timeout worth mentioning, so a test can let them hang. */
function clientOf({ simulator: { url, clientId, clientSecret }, fetch }: SecondCloud) {
  return createAcronis({ baseUrl: url, clientId, clientSecret, version: 'test', timeoutMs: 3_600_000, fetch });
}

/** The product's activities, connected to a simulator. After a lost answer they look for one second, not a minute. */
export function activitiesFor(
  { url, clientId, clientSecret, password }: AnySimulator,
  {
    timeoutMs = 3000,
    messengers = [] as Messenger[],
    artefacts = [] as TextFile[],
    now = Date.now,
    clouds = ['default'],
    fetch = undefined as typeof globalThis.fetch | undefined,
    shares = undefined as CloudSlots | undefined,
    budget = undefined as CallBucket | undefined,
    budgets = undefined as BudgetSlots | undefined,
    second = undefined as SecondCloud | undefined,
    readFacts = undefined as FactDependencies['readFacts'],
    readTerms = undefined as PlanTermsDependencies['readTerms'],
    brake = undefined as BrakeLimits | 'off' | undefined,
    pending = undefined as ActivityDependencies['pending'],
    sendToTarget = undefined as NoticeDependencies['sendToTarget'],
    answers = undefined as Omit<QuestionDependencies, 'clouds'> | undefined,
    actorKeys = undefined as KeyRing | undefined,
    outgoing = noOutgoing,
    importedRows = undefined as ImportedRows | undefined,
  } = {},
  truth: TruthDependencies = {},
) {
  const access = { baseUrl: url, clientId, clientSecret };
  const acronis = createAcronis({ ...access, version: 'test', timeoutMs, now, fetch, budget });
  const other = second && clientOf(second);
  return createActivities({
    cloud: (name) => {
      if (other && name === second.name) return other;
      if (!clouds.includes(name)) throw new UnknownCloud(name, clouds);
      return acronis;
    },
    async secret(reference) {
      if (places.absentSecrets.has(reference)) throw refuse(FailureType.Secret, `${reference} is not on this worker`);
      return reference === ADMINISTRATOR ? password : `${PASSWORD_PREFIX} ${reference}`;
    },
    secretStore: { ...secretStoreIn(storedSecrets), check: async () => places.checkSecretStore() },
    lookAgainMs: 1000,
    clouds: second === undefined ? clouds : [...clouds, second.name],
    ...(shares && { shares }),
    ...(budgets && { budgets }),
    ...(pending && { pending }),
    ...(readFacts && { readFacts }),
    ...(readTerms && { readTerms }),
    brake: brake ?? defaultBrakeLimits,
    actorKeys,
    ...(importedRows && { importedRows }),
    ...truth,
    ...answers,
    ...outgoing,
    environment: 'test',
    messengers,
    sendToTarget,
    artefacts: {
      check: async () => places.store,
      put: async (file) => {
        artefacts.push({ ...file, content: await textOf(file.content) });
        return `test:${file.name}`;
      },
    },
  });
}
