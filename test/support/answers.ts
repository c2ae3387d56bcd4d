import type { Engine } from '../../engine/index.js';
import { loadWorkerSettings } from '../../settings/worker.js';
import type { Simulator } from '../../simulator/index.js';
import { createAnswers } from '../../worker/answers.js';
import { CloudClients } from '../../worker/cloud-clients.js';
import { places, type TextFile } from './activities.js';

/** How a worker of this engine answers questions about this simulator. */
export function answersFor(
  { address, namespace }: Pick<Engine, 'address' | 'namespace'>,
  { url, clientId, clientSecret }: Simulator,
  kept: readonly TextFile[] = [],
) {
  const settings = loadWorkerSettings(
    {},
    {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      TENANTRY_ENV: 'test',
      ACRONIS_BASE_URL: url,
      ACRONIS_CLIENT_ID: clientId,
      ACRONIS_CLIENT_SECRET: clientSecret,
    },
  );
  const artefacts = { ...storeOf(kept), check: async () => places.store };
  return createAnswers({
    settings,
    clouds: new CloudClients(settings.clouds.clouds, settings.rereadClouds),
    artefacts,
  });
}

/** Reads what runs have kept in a test. */
function storeOf(kept: readonly TextFile[]) {
  return {
    holds: (place: string) => place.startsWith('test:'),
    get: async (place: string) => {
      const file = kept.find(({ name }) => place === `test:${name}`);
      if (file === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return await Promise.resolve(file.content);
    },
  };
}
