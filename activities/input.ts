import { ApplicationFailure } from '@temporalio/common';
import { catalogue } from '../catalogue/index.js';
import { cloudOf } from '../catalogue/input.js';
import type { InputProblem } from '../contract/errors.js';
import { FailureType } from '../contract/failures.js';
import { REVISION } from '../contract/revision.js';
import type { ActivityDependencies } from './attempt.js';
import { claimAhead, type AskingRun, type ClaimedAhead } from './claim-ahead.js';
import { UnknownCloud } from './failures.js';

export type InputAnswer =
  | {
      ok: true;
      order: object;
      key: string;
      cloud: string;
      environment: string;
      /** The management console of the cloud; absent in runs that an earlier version began. */
      consoleUrl?: string;
      /** Absent in runs that an earlier version began. */
      revision?: number;
      /** The run that has read the input; after a reset to a later point it is still the former run. Absent as above. */
      runId?: string;
      /** Present for an order that makes a tenant, when the run asked for it and Temporal answered. */
      ahead?: ClaimedAhead;
    }
  | {
      ok: false;
      message: string;
      problems: InputProblem[];
      /** Absent in runs that an earlier version began. */
      revision?: number;
      /** Present when only the cloud is unknown: another worker may know it. `revision` is that of this worker. */
      unknownCloud?: { cloud: string; revision: number };
    };

export interface ReadInput {
  operation: string;
  input: unknown;
  /** True to fail when this worker does not know the cloud, so that another worker takes the task. */
  passOn?: boolean;
  /** True after a reset: an earlier version may have accepted the input. */
  hasBegun?: boolean;
  /** The run that reads; the answer keeps it. */
  runId?: string;
  /** Present to claim the turn of a new tenant's key at once, which saves the run an event. */
  claimFor?: AskingRun;
}

/** What the reading of an input needs from its worker. */
export interface InputDependencies extends Pick<ActivityDependencies, 'cloud'> {
  clouds: readonly string[];
  environment: string;
}

export function createInputActivities({ clouds, cloud: clientOf, environment }: InputDependencies) {
  return {
    /**
     * Reads the input of an operation through its schema, and fills in every default. The result stays in the history
     * of the run, so a later change of a default does not change a running run. Problems are part of the result, each
     * with its path. It fails only to pass the input on.
     */
    readInput: async ({
      operation,
      input,
      passOn = false,
      hasBegun = false,
      runId,
      claimFor,
    }: ReadInput): Promise<InputAnswer> => {
      const entry = catalogue[operation];
      if (entry === undefined)
        return refused([{ path: 'operation', message: `${operation} is unknown to this worker` }]);
      const reading = entry.read(input, { hasBegun });
      if (!reading.ok) return refused(reading.problems);
      const cloud = cloudOf(reading.order);
      if (!clouds.includes(cloud)) {
        const { message } = new UnknownCloud(cloud, clouds);
        if (passOn) throw ApplicationFailure.retryable(message, FailureType.UnknownCloud);
        return { ...refused([{ path: 'cloud', message }]), unknownCloud: { cloud, revision: REVISION } };
      }
      const { consoleUrl } = clientOf(cloud);
      const { order, key } = reading;
      const others = entry.alsoMadeBy?.(order);
      const mark = { environment, key, runId: claimFor?.runId ?? '' };
      const ahead = claimFor && others && (await claimAhead({ cloud, mark, operation, others, order }, claimFor));
      const facts = { environment, consoleUrl, revision: REVISION, ...(runId && { runId }), ...(ahead && { ahead }) };
      return { ok: true, order, key, cloud, ...facts };
    },
  };
}

function refused(problems: InputProblem[]): InputAnswer & { ok: false } {
  return {
    ok: false,
    problems,
    revision: REVISION,
    message: problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
  };
}
