import { Context } from '@temporalio/activity';
import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { CLOUD_TROUBLE } from '../contract/cloud-trouble.js';
import { listRuns } from '../vault/list-runs.js';
import { escapeQuotes } from './earlier-runs.js';

interface OutageSpec {
  cloud: string;
  /** Milliseconds since 1970, by Temporal's clock. */
  from: number;
  to: number;
}

interface Outage {
  runId: string;
  startTime: Date;
  closeTime?: Date | undefined;
}

const UNIMPLEMENTED = 12;

export function createOutageActivities() {
  return {
    /**
     * For how many milliseconds of a time a cloud was in trouble, as far as a run suffered from it. Reads the runs of
     * `cloudTrouble` in Temporal and calls no cloud. Fails when Temporal does not answer. Safe to repeat.
     */
    outageTime: async ({ cloud, from, to }: OutageSpec): Promise<number> => {
      const { client } = Context.current();
      const id = `${CLOUD_TROUBLE}:${cloud}`;
      const [listed, last] = await Promise.all([listOutages(client, id), lastOutage(client, id)]);
      // a search is late by about a second, so what is known of the last one counts
      const all = new Map([...listed, ...last].map((outage) => [outage.runId, outage]));
      const within = ({ startTime, closeTime }: Outage) =>
        Math.max(0, Math.min(closeTime?.getTime() ?? to, to) - Math.max(startTime.getTime(), from));
      return [...all.values()].reduce((sum, outage) => sum + within(outage), 0);
    },
  };
}

async function listOutages(client: Client, id: string): Promise<Outage[]> {
  try {
    const outages: Outage[] = [];
    for await (const run of listRuns(client, `WorkflowId = '${escapeQuotes(id)}'`)) outages.push(run);
    return outages;
  } catch (error) {
    // Temporal's test server cannot search
    const cause = error instanceof ServiceError ? error.cause : error;
    if (isGrpcServiceError(cause) && (cause.code as number) === UNIMPLEMENTED) return [];
    throw error;
  }
}

async function lastOutage(client: Client, id: string): Promise<Outage[]> {
  try {
    return [await client.workflow.getHandle(id).describe()];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}
