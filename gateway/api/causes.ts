import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  causeOutcomes,
  choicesForAll,
  decideForAll,
  MOST_DECIDED,
  runsBlockedFor,
  type Cause,
  type ChoiceForAll,
  type ChosenRun,
  type OutcomeOfRun,
} from '../../client/cause-decisions.js';
import { decide } from '../../client/decisions.js';
import type { ListedRun } from '../../client/list.js';
import type { ApiKey } from '../../settings/api-keys.js';
import { auditOne } from './auditing.js';
import { partOf } from './tree/part-of-tree.js';
import { keyOfRequest, needs, problemAnswers, type ApiApp, type ApiParts } from './parts.js';

export interface CauseDecision {
  cause: Cause;
  choice: ChoiceForAll;
  reason: string;
  runs: readonly ChosenRun[];
}

/**
 * Decides for runs that are blocked for one cause, as whoever sends this request: only for those that the key may see. Each
 * decision has its own lines in the audit log.
 */
export function decideOnCause(
  request: FastifyRequest,
  parts: ApiParts,
  { cause, choice, reason, runs }: CauseDecision,
): AsyncGenerator<OutcomeOfRun, void> {
  const key = keyOfRequest(request);
  const { name: actor, operations } = key;
  const { client, taskQueue, audit, sign } = parts;
  const part = partOf(parts, key);
  const decideFor = async (id: string) =>
    await auditOne(request, audit, {
      id,
      act: async () => await decide(client, { id, choice, request: { reason, actor }, taskQueue, sign }),
    });
  const maySee = part && (async (id: string) => await part.seesRun(id));
  return decideForAll(client, { cause, runs, operations, maySee, taskQueue, decideFor });
}

/** The runs that are blocked for a cause, as a key sees them. */
export async function runsBlockedWithin(parts: ApiParts, key: ApiKey, cause: Cause): Promise<ListedRun[]> {
  const runs = await runsBlockedFor(parts.client, cause, key.operations);
  const part = partOf(parts, key);
  if (part === undefined) return runs;
  await part.check();
  return await part.runsIn(runs);
}

const body = z.strictObject({
  reason: z.string().trim().min(1).max(1000).describe('Why; kept in the status and in the history of each run'),
  type: z.string().min(1).max(255).describe('The type of the failure, such as Acronis.Quota'),
  step: z.string().min(1).max(255).describe('The step at which the runs are blocked'),
});

const outcomesSchema = z.object({
  items: z.array(
    z.object({ id: z.string(), outcome: z.enum(causeOutcomes), message: z.string().describe('In one sentence') }),
  ),
  moreWait: z.literal(true).optional().describe(`There are more than ${MOST_DECIDED}: send the request again`),
});

const summaries: Readonly<Record<ChoiceForAll, string>> = {
  retry: 'Try the step again in all runs that are blocked there for this cause',
  skip: 'Go on without the step in all runs that are blocked there for this cause',
  abort: 'End all runs that are blocked for this cause, and undo what they did',
};

/** One decision for all runs that are blocked for one cause. */
export function addCauses(app: ApiApp, parts: ApiParts): void {
  for (const choice of choicesForAll)
    app.post(
      `/v1/causes/${choice}`,
      {
        preHandler: needs('decide'),
        schema: {
          operationId: `${choice}All`,
          summary: summaries[choice],
          description:
            'Decides for each run that is blocked for exactly this cause at that moment, and says what became of each.',
          body,
          response: { 200: outcomesSchema, ...problemAnswers },
        },
      },
      async (request) => {
        const { reason, ...cause } = request.body;
        const all = await runsBlockedWithin(parts, keyOfRequest(request), cause);
        const runs = all.slice(0, MOST_DECIDED);
        const items: OutcomeOfRun[] = [];
        for await (const one of decideOnCause(request, parts, { cause, choice, reason, runs })) items.push(one);
        return { items, ...(all.length > runs.length && { moreWait: true as const }) };
      },
    );
}
