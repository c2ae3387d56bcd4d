import { isAcronisError, type AcronisErrorKind } from '../acronis/index.js';
import { activity } from './activity.js';
import type { ActivityDependencies } from './attempt.js';

/** Any other error shows that the cloud answers. */
const trouble: ReadonlySet<AcronisErrorKind> = new Set(['unavailable', 'throttled', 'credentials', 'unreadable']);

export function createProbeActivities(dependencies: ActivityDependencies) {
  return {
    /** Fails unless the cloud answers and accepts our credentials. Changes nothing. Safe to repeat. */
    probeCloud: activity.probe(dependencies, async (_spec: { cloud: string }, { acronis }) => {
      await acronis.probe().catch((error: unknown) => {
        if (!isAcronisError(error) || trouble.has(error.kind)) throw error;
      });
      return { result: null };
    }),
  };
}
