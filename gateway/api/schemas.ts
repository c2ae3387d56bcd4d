import { z } from 'zod';
import { choices, graceChoices } from '../../contract/decisions.js';
import { operationStates } from '../../contract/status.js';

const time = z.iso.datetime().describe('ISO 8601, UTC');

export const problemSchema = z
  .object({
    type: z.string().describe('The page that explains it'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457)' });

export const startedSchema = z.object({
  id: z.string().describe('The same id on the command line and in Temporal'),
  status: z.string().describe('Where its status is'),
  joined: z.boolean().describe('True when this order was under way already'),
});

const decision = z.object({
  choice: z.enum([...choices, ...graceChoices]),
  step: z.string(),
  actor: z.string(),
  verified: z.boolean(),
  reason: z.string(),
  at: time,
});
export const decisionSchema = decision.describe('The decision as the run has taken it');

const step = z.object({
  name: z.string(),
  state: z.enum(['pending', 'running', 'done', 'adopted', 'skipped', 'failed', 'undone']),
  attempts: z.int(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  lastError: z.string().optional(),
});

const leftover = z.object({
  kind: z.enum(['tenant', 'user', 'setting', 'api-client', 'agent-token', 'plan', 'group', 'report']),
  id: z.string(),
  reason: z.string(),
  link: z.string().optional(),
});

const ahead = z.object({ id: z.string(), step: z.string(), type: z.string(), message: z.string() });

const blockedSchema = z.object({
  step: z.string(),
  type: z.string(),
  message: z.string(),
  since: time,
  until: time.optional(),
  choices: z.array(z.enum(choices)),
  waitsForCloud: z.literal(true).optional(),
});

const reason = z.object({ type: z.string(), message: z.string(), step: z.string().optional() });

const grace = z.object({
  disabledAt: time,
  until: time.optional(),
  heldSince: time.optional(),
  deletedAt: time.optional(),
  next: z.string().optional(),
  restoring: z.object({
    window: z.string(),
    mayBringBack: z.array(z.string()).readonly(),
    doesNotBringBack: z.array(z.string()).readonly(),
  }),
});

const common = {
  operation: z.string(),
  id: z.string(),
  steps: z.array(step),
  startedAt: time,
  updatedAt: time,
  tenantId: z.string().optional(),
  userId: z.string().optional(),
  externalRef: z.string().optional(),
  grace: grace.optional(),
  decisions: z.array(decision).optional(),
  dropped: z.array(z.object({ signal: z.string(), times: z.int(), lastAt: time })).optional(),
};
const leftovers = z.array(leftover).optional();

/** Each operation adds fields of its own to a completed one. */
export const statusSchema = z
  .discriminatedUnion('state', [
    z.object({
      ...common,
      state: z.literal('running'),
      waitsFor: z.string().optional(),
      waitsForBlocked: ahead.optional(),
    }),
    z.object({ ...common, state: z.literal('blocked'), blocked: blockedSchema }),
    z.object({ ...common, state: z.literal('undoing'), reason }),
    z.object({
      ...common,
      state: z.literal('completed'),
      changed: z.boolean(),
      adopted: z.array(z.string()),
      apiCalls: z.int(),
      leftovers,
    }),
    z.object({ ...common, state: z.literal('undone'), reason, leftovers }),
    z.object({ ...common, state: z.literal('failed'), reason, leftovers }),
    z.object({ ...common, state: z.literal('cancelled'), reason, leftovers }),
  ])
  .meta({ id: 'OperationStatus', description: 'The status of a run, or how it ended' });

export const listSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      runId: z.string(),
      operation: z.string(),
      state: z.string().describe(operationStates.join(', ')),
      reason: z.string().optional(),
      step: z.string().optional(),
      tenantId: z.string().optional(),
      externalRef: z.string().optional(),
      waitsFor: z.string().optional(),
      unanswered: z.string().optional(),
      startedAt: time,
      closedAt: time.optional(),
    }),
  ),
  next: z.string().optional().describe('Continues the list: send it as "after"'),
});
