import type { ActivityDependencies } from './attempt.js';
import { catalogue } from '../workflows/catalogue.js';
import { cloudOf, type InputProblem } from '../workflows/shared/input.js';
import { REVISION } from '../workflows/shared/revision.js';

export type InputAnswer =
  | {
      ok: true;
      order: object;
      key: string;
      cloud: string;
      environment: string;
      /** The management console of the cloud; absent in runs that an older version began. */
      consoleUrl?: string;
      /** Absent in runs that an older version began. */
      revision?: number;
    }
  | { ok: false; message: string; problems: InputProblem[] };

/** What the reading of an input needs to know of its worker. */
export interface InputDependencies extends Pick<ActivityDependencies, 'cloud'> {
  clouds: readonly string[];
  environment: string;
}

export function createInputActivities({ clouds, cloud: clientOf, environment }: InputDependencies) {
  return {
    /**
     * Reads an operation's input through its schema, with every default filled in. The answer stays in the run's history, so that a
     * later change of a default changes no running run. Never fails: problems are an answer, each with its path.
     */
    readInput: async ({ operation, input }: { operation: string; input: unknown }): Promise<InputAnswer> => {
      const entry = catalogue[operation];
      if (entry === undefined)
        return refused([{ path: 'operation', message: `${operation} is unknown to this worker` }]);
      const reading = entry.read(input ?? undefined);
      if (!reading.ok) return refused(reading.problems);
      const cloud = cloudOf(reading.order);
      if (!clouds.includes(cloud)) {
        const message = `this worker knows no cloud ${JSON.stringify(cloud)}, only ${clouds.join(', ')}`;
        return refused([{ path: 'cloud', message }]);
      }
      const { consoleUrl } = clientOf(cloud);
      return { ok: true, order: reading.order, key: reading.key, cloud, environment, consoleUrl, revision: REVISION };
    },
  };
}

function refused(problems: InputProblem[]): InputAnswer {
  return { ok: false, problems, message: problems.map(({ path, message }) => `${path}: ${message}`).join('; ') };
}
