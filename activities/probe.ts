import { isAcronisError, type AcronisErrorKind } from '../acronis/index.js';
import { activity, patience, type ActivityDependencies } from './attempt.js';

/** Any other refusal shows that the cloud is there. */
const trouble: ReadonlySet<AcronisErrorKind> = new Set(['unavailable', 'throttled', 'credentials', 'unreadable']);

export function createProbeActivities(dependencies: ActivityDependencies) {
  return {
    /** Whether the cloud answers and takes our credentials: fails unless it does. Changes nothing; safe to repeat. */
    probeCloud: activity(dependencies, patience.probe, async (_spec: { cloud: string }, { acronis }) => {
      await acronis.probe().catch((error: unknown) => {
        if (!isAcronisError(error) || trouble.has(error.kind)) throw error;
      });
      return { result: null };
    }),
  };
}
